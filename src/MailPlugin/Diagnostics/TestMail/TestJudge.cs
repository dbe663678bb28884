using MailPlugin.Diagnostics.Causes;
using MailPlugin.Diagnostics.Fixes;

namespace MailPlugin.Diagnostics.TestMail;

/// <summary>Why a test failed, and what cures it.</summary>
internal sealed class TestJudge(FixSearch fixes, TimeProvider clock)
{
    public async Task<(Cause Cause, FoundFix? Fix)> JudgeAsync(TestRequest request, TestResult result, CancellationToken cancellationToken)
    {
        var evidence = Evidence.Of(result.Outcome, request.Way, result.Sight) with { Host = HostFacts.Read(clock) };
        var cause = CauseFinder.Of(evidence);
        var target = new TestTarget(request.Settings, request.Way, IsDraft: false, request.To, request.From) { Host = request.Host };
        return (cause, await fixes.FindAsync(target, cause, evidence, [], cancellationToken));
    }
}
