using System.Buffers;
using System.Globalization;
using System.Net;
using MailPlugin.Http.Binding;

namespace MailPlugin.Settings.Reading;

/// <summary>A host name, or an IP address without brackets. Internationalised names are kept as A-labels.</summary>
internal static class HostRule
{
    const string Wanted = "must be a host name or an IP address";

    static readonly SearchValues<char> DigitsAndDots = SearchValues.Create("0123456789.");
    static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    public static string? Read(JsonObjectReader reader, string name)
    {
        var host = ReadOptional(reader, name);
        if (host is null && !reader.HasFault(name))
        {
            reader.Fault(name, Wanted);
        }

        return host;
    }

    public static string? ReadOptional(JsonObjectReader reader, string name)
    {
        var text = reader.Line(name, 512)?.Trim();
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (Normalise(text) is { } host)
        {
            return host;
        }

        reader.Fault(name, Wanted);
        return null;
    }

    static string? Normalise(string text)
    {
        if (IPAddress.TryParse(text, out var address) && (text.Contains(':', StringComparison.Ordinal) || address.ToString() == text))
        {
            return text;
        }

        // Digits and dots alone are a mistyped address, not a name: resolvers would read 10.1 as 10.0.0.1.
        if (!text.AsSpan().ContainsAnyExcept(DigitsAndDots))
        {
            return null;
        }

        try
        {
            var ascii = Idn.GetAscii(text.TrimEnd('.'));
            return ascii.Length <= 253 ? ascii : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
