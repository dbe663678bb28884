using System.Globalization;
using System.Text.RegularExpressions;

namespace MailPlugin.Delivery;

/// <summary>When a deferred message is tried again: exponential with jitter, unless the relay says when.</summary>
/// <param name="chance">Gives numbers from 0 up to 1.</param>
internal sealed partial class RetrySchedule(RetryOptions options, Func<double> chance)
{
    static readonly TimeSpan ShortestHint = TimeSpan.FromSeconds(5);

    /// <summary>What the store needs to recover, and short enough to be noticed by nobody.</summary>
    static readonly TimeSpan StorePause = TimeSpan.FromSeconds(1);

    /// <param name="tries">How often the message was deferred before this time.</param>
    /// <param name="reply">The reply that deferred it.</param>
    public TimeSpan Wait(int tries, string? reply, FailureDecision decision)
    {
        if (decision is FailureDecision.Release or FailureDecision.LookAgain)
        {
            return decision == FailureDecision.LookAgain ? StorePause : TimeSpan.Zero;
        }

        if (decision is FailureDecision.TryElsewhere or FailureDecision.Suspend)
        {
            return Spread(options.Unreachable);
        }

        if (Hint(reply) is { } hint)
        {
            // Late rather than early: a relay that is asked too soon may start its clock anew.
            var wait = hint + (hint * options.Jitter * chance());
            return wait < ShortestHint ? ShortestHint : wait > options.Longest ? options.Longest : wait;
        }

        return decision == FailureDecision.DeferShortly && tries == 0 ? Spread(options.Greylisted) : Spread(Exponential(tries));
    }

    /// <summary>What a reply such as <c>try again in 300 seconds</c> asks for.</summary>
    public static TimeSpan? Hint(string? reply)
    {
        if (reply is null || AgainIn().Match(reply) is not { Success: true } match
            || !int.TryParse(match.Groups["number"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > 1_000_000)
        {
            return null;
        }

        return match.Groups["unit"].Value.ToLowerInvariant() switch
        {
            ['h', ..] => TimeSpan.FromHours(number),
            ['m', ..] => TimeSpan.FromMinutes(number),
            _ => TimeSpan.FromSeconds(number),
        };
    }

    TimeSpan Exponential(int tries)
    {
        var seconds = options.First.TotalSeconds * Math.Pow(options.Factor, Math.Clamp(tries, 0, 1_000));
        return seconds < options.Longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : options.Longest;
    }

    TimeSpan Spread(TimeSpan wait) => wait * (1 + (options.Jitter * ((2 * chance()) - 1)));

    // Linear in the reply whatever it says; no limit of time, which a machine that is busy would break and so decide on a message.
    [GeneratedRegex(@"\b(?:again|retry|back|wait|greylisted)\b[^0-9]{0,20}\b(?:in|after|for)\b\s+(?<number>[0-9]{1,7})\s*(?<unit>s|m|h|sec|min|hr|hrs|secs|mins|seconds?|minutes?|hours?)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AgainIn();
}
