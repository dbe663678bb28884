using System.Globalization;
using MailPlugin.Diagnostics.Causes;
using MailPlugin.Transports;

namespace MailPlugin.Diagnostics.Knowledge;

/// <summary>What was seen of one failure, as far as it is known: what is null contradicts no entry.</summary>
internal sealed record Observation
{
    /// <summary>Where it happened.</summary>
    public TransportStage? Stage { get; init; }

    /// <summary>The reply code; 0 where no server spoke.</summary>
    public int Code { get; init; }

    public string? EnhancedStatus { get; init; }

    /// <summary>The server's words, a system's error or a program's output. Not trusted.</summary>
    public required string Words { get; init; }

    /// <summary>Set when it was the session that failed.</summary>
    public TransportFaultKind? Fault { get; init; }

    /// <summary>Host name of the relay that was spoken to.</summary>
    public string? Relay { get; init; }

    /// <summary>The reply, with what the login adds to it; else the system's error. Null where neither spoke.</summary>
    public static Observation? Of(Evidence evidence)
    {
        var (said, detail) = (evidence.Reply?.Text ?? "", evidence.Fault?.Detail ?? "");
        return evidence.Reply is null && evidence.Fault is null ? null : new()
        {
            Stage = evidence.Stage,
            Code = evidence.Reply?.Code ?? 0,
            EnhancedStatus = evidence.Reply?.EnhancedStatus,
            Words = detail.Contains(said, StringComparison.Ordinal) ? detail : $"{said} {detail}",
            Fault = evidence.Fault?.Kind,
            Relay = evidence.Transport.Smtp?.Host,
        };
    }

    /// <summary>From a reply or an error as attempts keep it: <c>550 5.1.1 no such user</c>.</summary>
    public static Observation Of(string reply, string? relay)
    {
        var hasCode = reply.Length >= 3 && int.TryParse(reply.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out _)
            && reply[0] is >= '2' and <= '5' && (reply.Length == 3 || reply[3] is ' ' or '-');
        if (!hasCode)
        {
            return new() { Words = reply, Relay = relay };
        }

        var text = reply.Length > 4 ? reply[4..] : "";
        return new() { Code = int.Parse(reply.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture), EnhancedStatus = StatusOf(reply[0], text), Words = text, Relay = relay };
    }

    static string? StatusOf(char kind, string text)
    {
        var word = text[..(text.IndexOf(' ', StringComparison.Ordinal) is var end and >= 0 ? end : text.Length)];
        return word.Length is >= 5 and <= 9 && word[0] == kind && word[1] == '.' && word.Count(character => character == '.') == 2
            && word.All(character => char.IsAsciiDigit(character) || character == '.')
            ? word
            : null;
    }
}
