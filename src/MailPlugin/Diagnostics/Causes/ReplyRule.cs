using System.Text.RegularExpressions;
using MailPlugin.Transports;

namespace MailPlugin.Diagnostics.Causes;

/// <summary>One row of the table of refusals: what it asks of a reply, and the cause that it comes to. What it does not name it does not ask.</summary>
/// <param name="Cause">The cause, made of the evidence.</param>
internal sealed partial record ReplyRule(Func<Evidence, Cause> Cause)
{
    public IReadOnlyList<TransportStage> Stages { get; init; } = [];

    public IReadOnlyList<int> Codes { get; init; } = [];

    /// <summary>Beginnings of the enhanced status, such as <c>5.7.</c>.</summary>
    public IReadOnlyList<string> Enhanced { get; init; } = [];

    public bool? Permanent { get; init; }

    /// <summary>One of these at least stands in the words, whatever the case.</summary>
    public IReadOnlyList<string> Says { get; init; } = [];

    public Func<Evidence, bool>? When { get; init; }

    public bool Fits(Evidence seen, TransportReply reply) =>
        (Stages.Count == 0 || Stages.Contains(seen.Stage))
        && (Codes.Count == 0 || Codes.Contains(reply.Code))
        && (Enhanced.Count == 0 || (reply.EnhancedStatus is { } status && Enhanced.Any(begin => status.StartsWith(begin, StringComparison.Ordinal))))
        && (Permanent is not { } permanent || reply.IsPermanent == permanent)
        && (Says.Count == 0 || IsSaid(reply.Text))
        && When?.Invoke(seen) != false;

    // Servers repeat addresses, and a mailbox may be called relay@blocklist.example.
    bool IsSaid(string text)
    {
        var words = Address().Replace(text, "");
        return Says.Any(phrase => words.Contains(phrase, StringComparison.OrdinalIgnoreCase));
    }

    [GeneratedRegex("[^ <>]*@[^ <>]*", RegexOptions.NonBacktracking)]
    private static partial Regex Address();
}
