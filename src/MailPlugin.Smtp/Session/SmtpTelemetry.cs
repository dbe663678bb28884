using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MailPlugin.Smtp;

/// <summary>The activities and measurements named <c>MailPlugin.Smtp</c>. They carry the relay's name and no address.</summary>
internal static class SmtpTelemetry
{
    const string Name = "MailPlugin.Smtp";

    static readonly ActivitySource Source = new(Name);
    static readonly Meter Meter = new(Name);
    static readonly Counter<long> Sessions = Meter.CreateCounter<long>("mailplugin.smtp.sessions", "{session}", "Sessions made or failed.");
    static readonly UpDownCounter<long> Open = Meter.CreateUpDownCounter<long>("mailplugin.smtp.sessions.open", "{session}", "Sessions that are open.");
    static readonly Histogram<double> Handshake = Meter.CreateHistogram<double>("mailplugin.smtp.connect.duration", "s", "From the name to the end of the login.");
    static readonly Counter<long> Messages = Meter.CreateCounter<long>("mailplugin.smtp.messages", "{message}", "Messages by verdict.");
    static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("mailplugin.smtp.message.duration", "s", "From the first command to the last reply.");
    static readonly Counter<long> Anomalies = Meter.CreateCounter<long>("mailplugin.smtp.anomalies", "{anomaly}", "Contents accepted behind a refused envelope.");

    internal static Activity? StartConnect(SmtpRelay relay) => Start("smtp connect", relay);

    internal static Activity? StartSend(SmtpRelay relay) => Start("smtp send", relay);

    internal static void Connected(Activity? activity, TimeSpan elapsed)
    {
        Sessions.Add(1, new KeyValuePair<string, object?>("result", "ok"));
        Open.Add(1);
        Handshake.Record(elapsed.TotalSeconds);
        activity?.Dispose();
    }

    internal static void Failed(Activity? activity, SmtpException exception)
    {
        if (Sessions.Enabled)
        {
            Sessions.Add(1, new("result", exception.Fault.ToString()), new("stage", exception.Stage.ToString()));
        }

        activity?.SetStatus(ActivityStatusCode.Error, $"{exception.Stage} {exception.Fault}");
        activity?.Dispose();
    }

    internal static void Closed() => Open.Add(-1);

    internal static void Sent(SmtpOutcome outcome, Activity? activity)
    {
        if (Messages.Enabled)
        {
            Messages.Add(1, new KeyValuePair<string, object?>("verdict", outcome.Verdict.ToString()));
        }

        if (Duration.Enabled)
        {
            Duration.Record(outcome.Duration.TotalSeconds);
        }

        if (activity is not null)
        {
            activity.SetTag("smtp.verdict", outcome.Verdict.ToString());
            activity.SetTag("smtp.recipients", outcome.Recipients.Count);
            activity.SetTag("smtp.reply.code", outcome.Reply?.Code);
            activity.SetStatus(outcome.Verdict == SmtpVerdict.Accepted ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
            activity.Dispose();
        }
    }

    internal static void Anomaly() => Anomalies.Add(1);

    static Activity? Start(string name, SmtpRelay relay)
    {
        // Not the current one of whoever listens: several are open at once on one session.
        if (!Source.HasListeners())
        {
            return null;
        }

        var current = Activity.Current;
        var activity = Source.StartActivity(name, ActivityKind.Client);
        activity?.SetTag("server.address", relay.Host);
        activity?.SetTag("server.port", relay.Port);
        Activity.Current = current;
        return activity;
    }
}
