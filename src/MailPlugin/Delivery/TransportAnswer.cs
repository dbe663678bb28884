using MailPlugin.Queue;
using MailPlugin.Settings;
using MailPlugin.Transports;
using MailPlugin.Transports.Php;

namespace MailPlugin.Delivery;

/// <summary>How a transport is doing, apart from how it is set.</summary>
internal sealed record TransportAnswer(string Id, string Name, TransportState State, DateTimeOffset? Since, string? Reason, LastTestAnswer? LastTest, LastErrorAnswer? LastError, int Sessions, long SentToday, long Waiting, AccessTokenState? Oauth)
{
    /// <summary>Which PHP this is and how it would send; null for every other mode.</summary>
    public PhpReport? Php { get; init; }

    public static TransportAnswer Of(TransportSettings transport, TransportLine line, LastTestAnswer? lastTest, TransportFigures? figures, AccessTokenState? oauth)
    {
        var report = line.Health.Report();
        return new(
            transport.Id, transport.Name, StateOf(transport, line), transport.Enabled ? report.Since : null, transport.Enabled ? report.Reason : null, lastTest,
            report.LastError is { } error ? new(error.At, error.Text) : null, line.Sessions, figures?.Accepted ?? 0, figures?.Waiting ?? 0, oauth);
    }

    public static TransportState StateOf(TransportSettings transport, TransportLine line) => !transport.Enabled ? TransportState.Disabled : line.Health.Report().Condition switch
    {
        TransportCondition.Degraded => TransportState.Degraded,
        TransportCondition.Suspended => TransportState.Suspended,
        _ => TransportState.Healthy,
    };
}

internal enum TransportState
{
    Healthy,
    Degraded,
    Suspended,
    Disabled,
}

internal sealed record LastErrorAnswer(DateTimeOffset At, string Text);

/// <param name="ChangedSince">The transport's settings are not those that were tested.</param>
internal sealed record LastTestAnswer(DateTimeOffset At, bool Ok, bool ChangedSince);
