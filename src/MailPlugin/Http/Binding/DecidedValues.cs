using System.Text.Json;

namespace MailPlugin.Http.Binding;

/// <summary>What is decided elsewhere of an object that is read: values stand for its own, objects and lists of them are laid over its own part by part.</summary>
internal readonly struct DecidedValues(JsonElement decided)
{
    /// <summary>A value that stands for the own one.</summary>
    public bool TryGet(string name, out JsonElement value) => JsonText.TryGet(decided, name, out value) && IsWhole(value);

    /// <summary>What is to be laid over an own part of this kind; null: nothing.</summary>
    public JsonElement? Part(string name, JsonValueKind kind) => JsonText.TryGet(decided, name, out var value) && value.ValueKind == kind ? value : null;

    static bool IsWhole(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => false,
        JsonValueKind.Array => value.GetArrayLength() == 0 || value[0].ValueKind != JsonValueKind.Object,
        _ => true,
    };
}
