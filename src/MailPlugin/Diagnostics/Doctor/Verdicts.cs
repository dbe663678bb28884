using System.Text.Json.Nodes;
using MailPlugin.Diagnostics.Causes;
using MailPlugin.Diagnostics.Fixes;
using MailPlugin.Diagnostics.TestMail;
using MailPlugin.Http.Binding;

namespace MailPlugin.Diagnostics.Doctor;

/// <summary>From what was found to the last word.</summary>
internal static class Verdicts
{
    public static Verdict Of(Evidence evidence, Cause cause, FoundFix? found) => Of(StepOutcome.Failed, cause) with
    {
        Advice = FixAdvice.Of(cause, found),
        Stage = EnumText.Of(evidence.Stage),
        Reply = evidence.Reply?.ToString(),
        Fix = found?.Fix,
        Certificate = Certificate(found?.Trusts) ?? (evidence.Sight.Certificate?.Problem is null ? null : Certificate(evidence.Sight)),
    };

    /// <summary>Mail can leave; what could be better is said.</summary>
    public static Verdict Working(TestTarget target, Reach reach)
    {
        if (!reach.HasDeadIpv6)
        {
            return Working(CauseCatalog.None());
        }

        // An address of one family keeps connections to it; this one leaves the choice among them to the system.
        var fix = new CauseFix($"transports[id={target.Transport.Id}].smtp", new JsonObject { ["localAddress"] = "0.0.0.0" });
        return Of(StepOutcome.Warning, CauseCatalog.Ipv6Unreachable(target.Transport.Smtp!.Host)) with { Fix = fix };
    }

    /// <summary>Nothing speaks against it.</summary>
    public static Verdict Working(Cause cause) => Of(StepOutcome.Ok, cause);

    /// <summary>The examination itself did not come to its end.</summary>
    public static Verdict NotFinished(bool overdue) => Of(StepOutcome.Failed, CauseCatalog.Unknown()) with
    {
        Text = overdue
            ? new("The examination took too long and was ended: the steps show how far it came.", "检查耗时过长，已中止：步骤中可见进行到何处。")
            : new("The examination itself failed: the log says why.", "检查本身失败：原因见日志。"),
    };

    static Verdict Of(StepOutcome outcome, Cause cause) => new(outcome, cause.Id, cause.Text, cause.Confidence, cause.Advice) { Who = cause.Who, Link = cause.Known?.Link };

    static JsonObject? Certificate(SessionSight? sight) =>
        sight is { Certificate: { } shown, Chain.Count: > 0 } ? CertificateJson.Of(sight.Chain[0], 0, shown.Names, shown.Problem) : null;
}
