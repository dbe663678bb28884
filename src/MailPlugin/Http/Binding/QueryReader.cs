using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Http.Binding;

/// <summary>Reads the values of a query string; what is wrong is a fault that names it. An empty value is none.</summary>
internal sealed partial class QueryReader(IQueryCollection query, Faults faults)
{
    public string? Text(string name, int maxLength)
    {
        var text = query[name].ToString();
        if (text.Length > maxLength)
        {
            faults.Add(name, $"must be at most {maxLength} characters long");
        }

        return text.Length == 0 ? null : text;
    }

    /// <summary>A day, or a time of RFC 3339; without an offset it is UTC.</summary>
    public DateTimeOffset? Time(string name)
    {
        var text = query[name].ToString();
        if (text.Length == 0)
        {
            return null;
        }

        // A day written with slashes is another one in the next country.
        if (Form().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            return time;
        }

        faults.Add(name, "must be a time such as 2026-11-21T08:00:00Z (RFC 3339)");
        return null;
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)?)?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
