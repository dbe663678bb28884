using MailPlugin.Abstractions;
using MailPlugin.Queue;
using MailPlugin.Tests.Support;

namespace MailPlugin.Tests.Queue;

public sealed class MailEventsTests
{
    [Fact]
    public async Task A_stop_waits_for_the_event_at_hand_and_for_none_behind_it()
    {
        var heard = 0;
        var begun = new TaskCompletionSource();
        var events = new MailEvents((_, _) => { });
        using var slow = events.Subscribe(async (_, stopping) =>
        {
            heard++;
            begun.TrySetResult();
            await Task.Delay(Timeout.Infinite, stopping);
        });
        for (var i = 0; i < 5; i++)
        {
            events.Publish(new(MailEventKind.Accepted, $"m{i}", "<x@example.com>", "b@example.org", Some.Time, null, null, null));
        }

        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await events.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(1, heard);
    }

    [Fact]
    public async Task A_handler_that_does_not_heed_the_stop_does_not_hold_it_up()
    {
        var (begun, never) = (new TaskCompletionSource(), new TaskCompletionSource());
        var events = new MailEvents((_, _) => { });
        using var deaf = events.Subscribe(async (_, _) =>
        {
            begun.SetResult();
            await never.Task;
        });
        events.Publish(new(MailEventKind.Accepted, "m", "<x@example.com>", "b@example.org", Some.Time, null, null, null));
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));

        await events.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));

        never.SetResult();
    }
}
