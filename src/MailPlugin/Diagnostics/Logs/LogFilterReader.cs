using System.Globalization;
using MailPlugin.Http.Binding;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Diagnostics.Logs;

/// <summary>Reads which entries are meant from a query string.</summary>
internal sealed class LogFilterReader(IQueryCollection query, Faults faults)
{
    const int MaxText = 200;

    /// <summary>Of entries as they come: they have no time to be chosen by.</summary>
    public LogFilter Following() => new() { Level = Level(), Transport = Text("transport"), Message = Text("message"), Text = Text("q") };

    public LogFilter Listed() => Following() with { Since = Time("since"), Until = Time("until") };

    LogLevel Level()
    {
        var text = query["level"].ToString();
        var level = LogLevel.Trace;
        if (text.Length > 0 && (!EnumText.TryParse(text, out level) || level == LogLevel.None))
        {
            faults.Add("level", "must be one of trace, debug, information, warning, error, critical");
        }

        return level;
    }

    string? Text(string name)
    {
        var text = query[name].ToString();
        if (text.Length > MaxText)
        {
            faults.Add(name, $"must be at most {MaxText} characters long");
        }

        return text.Length == 0 ? null : text;
    }

    DateTimeOffset? Time(string name)
    {
        var text = query[name].ToString();
        if (text.Length == 0)
        {
            return null;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            return time;
        }

        faults.Add(name, "must be a time such as 2026-11-21T08:00:00Z (RFC 3339)");
        return null;
    }
}
