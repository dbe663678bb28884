using MailPlugin.Settings;

namespace MailPlugin.Transports;

/// <summary>How much of the queue a transport may have in hand.</summary>
/// <param name="Sessions">Sessions, or programs, at once.</param>
/// <param name="InHand">Messages claimed for each of them: enough that it need not wait for the next claim.</param>
/// <param name="RatePerMinute">Messages a minute; null: as many as it takes.</param>
internal sealed record TransportCapacity(int Sessions, int InHand, double? RatePerMinute)
{
    /// <summary>Whether all nodes together may have no more: a relay counts them all, a program runs on each.</summary>
    public bool IsShared { get; init; }

    const int Programs = 4;

    public static TransportCapacity Of(TransportSettings transport) => transport switch
    {
        { Smtp: { } smtp } => new(smtp.MaxSessions, 32, smtp.RatePerMinute) { IsShared = true },
        { Mode: TransportMode.Capture } => new(1, 256, null),

        // A program may take its whole minute over each message, and what waits behind it waits for nothing else.
        { Sendmail.Style: SendmailStyle.Smtp } => new(Programs, 8, null),
        _ => new(Programs, 2, null),
    };
}
