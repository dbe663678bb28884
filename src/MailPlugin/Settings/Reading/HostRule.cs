using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using MailPlugin.Http.Binding;

namespace MailPlugin.Settings.Reading;

/// <summary>A host name, or an IP address without brackets. Internationalised names are kept as A-labels.</summary>
internal static partial class HostRule
{
    const string Wanted = "must be a host name or an IP address";

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

    public static string? ReadOptional(JsonObjectReader reader, string name, string wanted = Wanted, bool takesAddress = true)
    {
        var text = reader.Line(name, 512)?.Trim();
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if ((takesAddress ? Address(text)?.ToString() : null) is { } address)
        {
            return address;
        }

        if (Name(text) is { } host)
        {
            return host;
        }

        reader.Fault(name, wanted);
        return null;
    }

    /// <summary>An address written out whole: the framework's parser also takes brackets, ports, zones and shorthand such as 10.1.</summary>
    public static IPAddress? Address(string text) =>
        IPAddress.TryParse(text, out var address)
        && (text.Contains(':', StringComparison.Ordinal) ? text.AsSpan().IndexOfAny("[]%") < 0 : address.ToString() == text)
            ? address
            : null;

    /// <summary>A name in A-labels, without its trailing dot; null when it is none.</summary>
    public static string? Name(string text)
    {
        var name = text is [.., '.'] ? text[..^1] : text;
        try
        {
            // Mapping comes first: full-width digits become digits, an ideographic full stop becomes a dot.
            var ascii = Ascii.IsValid(name) ? name : Idn.GetAscii(name);
            return ascii.Length <= 253 && AsciiName().IsMatch(ascii) && !LooksLikeAddress(ascii) ? ascii : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>A name that ends in a number is a mistyped address, and 0x7f.1 one in disguise: resolvers would read 10.1 as 10.0.0.1.</summary>
    static bool LooksLikeAddress(string name) =>
        name.AsSpan(name.LastIndexOf('.') + 1).IndexOfAnyExceptInRange('0', '9') < 0 || IPAddress.TryParse(name, out _);

    /// <summary>Labels of RFC 1123, and the underscore: names of containers have it.</summary>
    [GeneratedRegex("^[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(\\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*\\z")]
    private static partial Regex AsciiName();
}
