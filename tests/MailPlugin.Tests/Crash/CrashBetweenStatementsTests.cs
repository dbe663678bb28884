using MailPlugin.Queue;
using MailPlugin.Submission;
using MailPlugin.TestBed;
using MailPlugin.Tests.Delivery;
using MailPlugin.Tests.Support;

namespace MailPlugin.Tests.Crash;

/// <summary>A process is killed between each two statements of a transaction, and before and behind its commit; another one opens what it left.</summary>
public sealed class CrashBetweenStatementsTests
{
    [Fact]
    public async Task A_submission_is_there_whole_or_not_at_all_wherever_its_process_is_killed()
    {
        await AtEachPointAsync(CrashChild.Submit, atLeast: 18, async (run, folder, _) =>
        {
            await using var rig = new QueueRig { Folder = folder }.Build();
            await QueueAudit.CheckAsync(rig);
            var kept = await ListAsync(rig);
            Assert.True(run.Acknowledged.All(kept.Contains), "An acknowledged message is gone.");
            Assert.True(kept.Count is 0 or 2, $"{kept.Count} of the two are there.");
            Assert.True(run.WasKilled || run.Acknowledged.Count == 2);

            // Whoever got no answer asks again, with the same keys.
            var again = await rig.Get<Submitter>().SubmitAsync(CrashChild.Submissions, CrashChild.Caller, default);
            Assert.All(again, result => Assert.Equal(kept.Count > 0, result.Receipt!.Replayed));
            Assert.Equal(2, (await ListAsync(rig)).Count);
            await QueueAudit.CheckAsync(rig);
        });
    }

    [Fact]
    public async Task An_outcome_is_written_whole_or_its_message_is_sent_again_wherever_its_process_is_killed()
    {
        await AtEachPointAsync(CrashChild.Record, atLeast: 12, async (run, folder, sink) =>
        {
            Assert.Equal(2, run.Acknowledged.Count);
            await using var relay = new OneRelay(sink.Port, () => { });
            await using var rig = new QueueRig { Folder = folder }.Build(relay.AddTo);
            await QueueAudit.CheckAsync(rig);
            var before = (await Task.WhenAll(run.Acknowledged.Select(rig.FindAsync))).ToDictionary(message => message.MessageId);

            await rig.StartDeliveryAsync();
            var mixed = await rig.WaitForAsync(run.Acknowledged[0], MessageStatus.Deferred);
            var taken = await rig.WaitForAsync(run.Acknowledged[1], MessageStatus.Sent);

            Assert.Equal([RecipientState.Accepted, RecipientState.Failed, RecipientState.Deferred], mixed.Recipients.Select(recipient => recipient.State));
            foreach (var message in new[] { mixed, taken })
            {
                // What was written down is not sent again; what was not is, once.
                var recorded = before[message.MessageId].Attempts.Count > 0;
                Assert.InRange(sink.Messages[message.MessageId].Times, 1, recorded ? 1 : 2);
                Assert.Single(message.Attempts);
            }

            await QueueAudit.CheckAsync(rig);
        });
    }

    static async Task AtEachPointAsync(string what, int atLeast, Func<CrashedRun, string, CountingSink, Task> check)
    {
        var whole = await OnceAsync(CrashChild.Never);
        Assert.False(whole.WasKilled);
        Assert.True(whole.Points >= atLeast, $"Only {whole.Points} points were passed.");

        // Two at a time: each is a process of its own.
        await Parallel.ForEachAsync(Enumerable.Range(1, whole.Points), new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (point, _) =>
        {
            var run = await OnceAsync(point);
            Assert.True(run.WasKilled || what == CrashChild.Record, $"Point {point} was not reached.");
        });

        async Task<CrashedRun> OnceAsync(int point)
        {
            using var folder = new TempFolder();
            await using var sink = new CountingSink();
            var run = await CrashChild.StartAsync(what, folder.Path, point, sink.Port);
            await check(run, folder.Path, sink);
            return run;
        }
    }

    static async Task<List<string>> ListAsync(QueueRig rig) => [.. (await rig.Messages.ListAsync(new(), null, 100, default)).Items.Select(message => message.Id)];
}
