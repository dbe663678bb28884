using System.Buffers;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;

namespace MailPlugin.Options;

/// <summary>Reads one section of the host's configuration; a wrong value is an <see cref="InvalidOptionException"/> that names it.</summary>
internal sealed class OptionReader
{
    static readonly SearchValues<char> NotInPath = SearchValues.Create("?#%\\ :;");

    readonly IConfigurationSection _section;
    readonly string _prefix;

    /// <summary>What anybody has read, of this section and those below it.</summary>
    readonly HashSet<string> _known;
    readonly List<string> _left = [];

    public OptionReader(IConfigurationSection section)
        : this(section, "", new(StringComparer.OrdinalIgnoreCase))
    {
    }

    OptionReader(IConfigurationSection section, string prefix, HashSet<string> known) => (_section, _prefix, _known) = (section, prefix, known);

    public OptionReader Below(string name) => new(_section.GetSection(name), $"{_prefix}{name}:", _known);

    /// <summary>A section that is read elsewhere.</summary>
    public void LeaveOut(string name) => _left.Add($"{name}:");

    /// <summary>A misspelt option would be silently without effect.</summary>
    public void RefuseUnknown()
    {
        foreach (var (path, value) in _section.AsEnumerable(makePathsRelative: true))
        {
            if (!string.IsNullOrEmpty(value) && !IsKnown(path))
            {
                throw new InvalidOptionException(_prefix + path, "is not known");
            }
        }
    }

    public string? Text(string name)
    {
        _known.Add(_prefix + name);
        return string.IsNullOrWhiteSpace(_section[name]) ? null : _section[name]!.Trim();
    }

    /// <summary>A path of the file system; a relative one begins at <paramref name="root"/>.</summary>
    public string? FilePath(string name, string root)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        return text.Contains('\0', StringComparison.Ordinal) ? throw Wrong(name, "must be a path") : Path.GetFullPath(text, root);
    }

    /// <summary>A path that leads to a folder.</summary>
    public string? Folder(string name, string root) =>
        FilePath(name, root) is not { } path || Directory.Exists(path) ? FilePath(name, root) : throw Wrong(name, "must be a folder that is there");

    public bool? Flag(string name) => Text(name) switch
    {
        null => null,
        var text when bool.TryParse(text, out var flag) => flag,
        _ => throw Wrong(name, "must be true or false"),
    };

    public int? Number(string name, int minimum, int maximum) => Text(name) is { } text ? ParseNumber(name, text, minimum, maximum) : null;

    /// <summary>A length of time: a number of seconds, or <c>[d.]hh:mm:ss</c>.</summary>
    public TimeSpan? Duration(string name, TimeSpan minimum, TimeSpan maximum)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var duration = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && Math.Abs(seconds) < 1e9
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) ? span : throw Wrong(name, "must be seconds or d.hh:mm:ss");
        return duration >= minimum && duration <= maximum ? duration : throw Wrong(name, $"must be between {minimum} and {maximum}");
    }

    public IReadOnlyList<string> Texts(string name) =>
        Text(name) is { } list
            ? list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : [.. _section.GetSection(name).GetChildren().Select(item => item.Value).OfType<string>()];

    public IReadOnlyList<int> Numbers(string name, int minimum, int maximum) =>
        [.. Texts(name).Select(text => ParseNumber(name, text, minimum, maximum))];

    /// <summary>Addresses (<c>10.0.0.7</c>) and networks (<c>10.0.0.0/8</c>).</summary>
    public IReadOnlyList<IPNetwork> Networks(string name) => [.. Texts(name).Select(text => ParseNetwork(name, text))];

    /// <summary>A path such as <c>/api/mail</c>; the trailing slash is taken off.</summary>
    public string? UrlPath(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var path = text.TrimEnd('/');
        return IsUrlPath(path) ? path : throw Wrong(name, "must be a path such as /api/mail");
    }

    /// <summary>Whether this is an absolute path of an address, without a trailing slash and without anything that means something else there.</summary>
    public static bool IsUrlPath(string path) =>
        path.Length > 1 && path[0] == '/' && path.AsSpan().IndexOfAny(NotInPath) < 0 && !path.Any(char.IsControl) && !path.Contains("//", StringComparison.Ordinal)
        && !path.Split('/').Any(segment => segment is "." or "..");

    public Uri? Url(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length + url.Query.Length + url.Fragment.Length == 0
            ? url
            : throw Wrong(name, "must be an address such as https://mail.example.com");
    }

    int ParseNumber(string name, string text, int minimum, int maximum) =>
        int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum
            ? number
            : throw Wrong(name, $"must be a whole number between {minimum} and {maximum}");

    IPNetwork ParseNetwork(string name, string text)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            return new(address, address.GetAddressBytes().Length * 8);
        }

        return IPNetwork.TryParse(text, out var network) ? network : throw Wrong(name, "must be addresses or networks such as 10.0.0.7 or 10.0.0.0/8");
    }

    /// <summary>Itself, or an item of a list that was read.</summary>
    bool IsKnown(string path) =>
        _known.Contains(_prefix + path) || _left.Exists(left => path.StartsWith(left, StringComparison.OrdinalIgnoreCase))
        || (path.LastIndexOf(':') is > 0 and var end && path.AsSpan(end + 1).IndexOfAnyExceptInRange('0', '9') < 0 && _known.Contains(_prefix + path[..end]));

    InvalidOptionException Wrong(string name, string problem) => new(_prefix + name, problem);
}
