using MailPlugin.Abstractions;
using MailPlugin.Http.Binding;
using MailPlugin.Queue;
using MailPlugin.Settings;
using MailPlugin.Smtp.Mime;
using MailPlugin.Submission;
using MailPlugin.TestBed;

namespace MailPlugin.Benchmarks;

/// <summary>Where a submission's CPU time goes: each of its steps by itself, in the numbers in which they come.</summary>
internal static class SubmissionParts
{
    const int Callers = 64;

    public static async Task RunAsync(Report report, MailSubmission mail, Effort effort)
    {
        var rounds = Math.Min(effort.Rounds, 5);
        var count = effort.Of(Callers * 200, Callers);
        using var folder = new TempFolder();
        await using var rig = new QueueRig(folder.Of("data"));
        var rules = rig.Get<SubmissionRules>();
        var outbox = rig.Get<IOutbox>();
        var composer = new MessageComposer();
        var now = TimeProvider.System.GetUtcNow();
        var caller = new SubmissionCaller("", "source:");
        var draft = rules.Check(mail, MailSettings.Empty, caller, now, new Faults())!.Draft;
        var bytes = LoadMail.Of(4096);
        Samples check = new(), compose = new(), store = new();
        for (var round = -1; round < rounds; round++)
        {
            var checks = await Repeat(count, () => rules.Check(mail, MailSettings.Empty, caller, now, new Faults()));
            var composes = await Repeat(count, () =>
            {
                using var composed = composer.Compose(draft);
                return composed.Header.ToArray();
            });
            var stores = await Together(count, () => outbox.EnqueueAsync(
                [
                    new NewMessage
                    {
                        Id = MessageIdentity.New(now),
                        MessageId = "<load@bench.example>",
                        CreatedAt = now,
                        ExpiresAt = now.AddDays(5),
                        Subject = "load",
                        From = new(LoadMail.Sender),
                        Recipients = [new(LoadMail.Recipient, RecipientKind.To)],
                        Header = bytes.AsMemory(0, 300),
                        Body = bytes.AsMemory(300),
                    },
                ],
                new QueueQuota(2_000_000, 20L << 30),
                CancellationToken.None));
            if (round >= 0)
            {
                check.Add(checks.CpuMicroseconds);
                compose.Add(composes.CpuMicroseconds);
                store.Add(stores.CpuMicroseconds);
            }
        }

        report.Add("", "of it: checking", "us/message", check);
        report.Add("", "of it: composing", "us/message", compose);
        report.Add("", "of it: the commit, suppressions looked up in it", "us/message", store);
    }

    static Task<Cost> Repeat(int count, Func<object?> step) => Cost.OfAsync(() =>
    {
        for (var i = 0; i < count; i++)
        {
            _ = step();
        }

        return Task.FromResult(count);
    });

    static Task<Cost> Together(int count, Func<Task> step) => Cost.OfAsync(async () =>
    {
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < count / Callers; i++)
            {
                await step();
            }
        })));
        return count;
    });
}
