using MailPlugin.Http.Binding;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Diagnostics.Logs;

/// <summary>Reads which entries are meant from a query string.</summary>
internal sealed class LogFilterReader(IQueryCollection query, Faults faults)
{
    const int MaxText = 200;

    readonly QueryReader _query = new(query, faults);

    /// <summary>Of entries as they come: they have no time to be chosen by.</summary>
    public LogFilter Following() => new() { Level = Level(), Transport = _query.Text("transport", MaxText), Message = _query.Text("message", MaxText), Text = _query.Text("q", MaxText) };

    public LogFilter Listed() => Following() with { Since = _query.Time("since"), Until = _query.Time("until") };

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
}
