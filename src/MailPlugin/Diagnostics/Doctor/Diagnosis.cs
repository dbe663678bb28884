using System.Globalization;
using System.Text.Json.Nodes;
using MailPlugin.Diagnostics.Causes;
using MailPlugin.Http;

namespace MailPlugin.Diagnostics.Doctor;

/// <summary>One examination of a transport: what was looked at, step by step, and what it comes to.</summary>
/// <param name="Id">For <c>GET /diagnoses/{id}</c>.</param>
/// <param name="At">When it began.</param>
/// <param name="Transport">Id of the transport.</param>
/// <param name="IsDraft">Of settings that are not saved: the administrator's alone.</param>
/// <param name="Steps">In the order in which they were done.</param>
/// <param name="Verdict">Null while it goes on, and when it was broken off.</param>
internal sealed record Diagnosis(string Id, DateTimeOffset At, string Transport, bool IsDraft, IReadOnlyList<DiagnosisStep> Steps, Verdict? Verdict)
{
    public static string NewId(DateTimeOffset now) => "d_" + Guid.CreateVersion7(now).ToString("N", CultureInfo.InvariantCulture);
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Step">What, of <see cref="StepName"/>.</param>
/// <param name="Target">At what: an address, a port, a certificate; null where the step says it all.</param>
/// <param name="Outcome">How it is.</param>
/// <param name="DurationMs">How long it took.</param>
/// <param name="Detail">For people. A server's words are in it as they are, control characters escaped.</param>
internal sealed record DiagnosisStep(string Step, string? Target, StepOutcome Outcome, long DurationMs, LocalizedText Detail)
{
    /// <summary>The same for programs, where there is more to it than a sentence.</summary>
    public JsonObject? Data { get; init; }
}

internal enum StepOutcome
{
    Ok,

    /// <summary>Mail cannot leave because of this.</summary>
    Failed,

    /// <summary>It was not looked at.</summary>
    Skipped,

    /// <summary>Mail can leave, but this is not as it should be.</summary>
    Warning,
}

/// <summary>What it comes to: one cause, and what to do.</summary>
/// <param name="Outcome">Whether mail can leave.</param>
/// <param name="Cause">An id of the closed list.</param>
/// <param name="Text">What happened, in one sentence.</param>
/// <param name="Confidence">How sure it is.</param>
/// <param name="Advice">What to do, the likeliest first.</param>
internal sealed record Verdict(StepOutcome Outcome, string Cause, LocalizedText Text, Confidence Confidence, IReadOnlyList<LocalizedText> Advice)
{
    /// <summary>Who can do something about it.</summary>
    public Actor Who { get; init; }

    /// <summary>The provider's own page about it.</summary>
    public string? Link { get; init; }

    /// <summary>How long the whole examination took.</summary>
    public long DurationMs { get; init; }

    /// <summary>The step that it is drawn from, in the words of <c>POST /test</c>.</summary>
    public string? Stage { get; init; }

    /// <summary>The server's own words.</summary>
    public string? Reply { get; init; }

    /// <summary>The change of settings that cures it, if one does.</summary>
    public CauseFix? Fix { get; init; }

    /// <summary>The certificate that was refused, or that the fix trusts.</summary>
    public JsonObject? Certificate { get; init; }

    /// <summary>To look for oneself, in a shell on this host. Without secrets.</summary>
    public IReadOnlyList<string> Commands { get; init; } = [];

    public string? TranscriptId { get; init; }
}
