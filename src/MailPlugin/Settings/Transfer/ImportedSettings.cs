using System.Text.Json.Nodes;

namespace MailPlugin.Settings.Transfer;

/// <summary>What a text says of the settings; what it does not say is not there.</summary>
internal sealed class ImportedSettings
{
    /// <summary>Properties of a draft, transports aside.</summary>
    public JsonObject Values { get; } = [];

    /// <summary>Transports as a draft has them, in order; ids are made unique later.</summary>
    public List<JsonObject> Transports { get; } = [];

    /// <summary>Whether the text is a whole of settings: then what it leaves out is not taken from those in force.</summary>
    public bool IsWhole { get; init; }

    /// <summary>The author: an addr-spec, or a name and one in angle brackets.</summary>
    public void SetFrom(string text, string? name = null)
    {
        var (address, display) = Mailbox(text);
        Values["from"] = new JsonObject { ["address"] = address, ["name"] = name ?? display };
    }

    static (string Address, string? Name) Mailbox(string text)
    {
        var open = text.LastIndexOf('<');
        return open >= 0 && text.EndsWith('>')
            ? (text[(open + 1)..^1].Trim(), text[..open].Trim().Trim('"') is { Length: > 0 } name ? name : null)
            : (text, null);
    }
}
