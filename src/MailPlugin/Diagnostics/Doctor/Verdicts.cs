using MailPlugin.Diagnostics.Causes;
using MailPlugin.Http.Binding;
using MailPlugin.Smtp;

namespace MailPlugin.Diagnostics.Doctor;

/// <summary>From what was found to the last word.</summary>
internal static class Verdicts
{
    public static Verdict Of(Evidence? evidence, SessionSight sight, Reach reach)
    {
        if (evidence is null)
        {
            return Healthy();
        }

        var cause = CauseFinder.Of(evidence);
        return new(StepOutcome.Failed, cause.Id, cause.Text, cause.Id == "unknown" ? Confidence.Low : Confidence.High, cause.Advice)
        {
            Stage = EnumText.Of(evidence.Stage),
            Reply = evidence.Reply?.ToString(),
            Fix = cause.Fix,
            Certificate = sight.Certificate is { Problem: { } problem } shown && sight.Chain.Count > 0 ? CertificateJson.Of(sight.Chain[0], 0, shown.Names, problem) : null,
        };
    }

    /// <summary>The examination itself did not come to its end.</summary>
    public static Verdict NotFinished(bool overdue)
    {
        var cause = CauseCatalog.Unknown();
        return new(StepOutcome.Failed, cause.Id, overdue
            ? new("The examination took too long and was ended: the steps show how far it came.", "检查耗时过长，已中止：步骤中可见进行到何处。")
            : new("The examination itself failed: the log says why.", "检查本身失败：原因见日志。"), Confidence.Low, cause.Advice);
    }

    static Verdict Healthy() => new(StepOutcome.Ok, CauseCatalog.None().Id, CauseCatalog.None().Text, Confidence.High, CauseCatalog.None().Advice);
}
