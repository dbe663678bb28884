using System.Text.Json;

namespace MailPlugin.Submission;

/// <summary>Strings of JSON that may carry a lone surrogate, which parses and cannot be read.</summary>
internal static class JsonText
{
    public static bool TryRead(JsonElement value, out string text)
    {
        try
        {
            text = value.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            text = "";
            return false;
        }
    }

    public static bool TryReadName(JsonProperty property, out string name)
    {
        try
        {
            name = property.Name;
            return true;
        }
        catch (InvalidOperationException)
        {
            name = "";
            return false;
        }
    }
}
