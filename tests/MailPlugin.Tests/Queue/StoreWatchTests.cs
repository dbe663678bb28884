using MailPlugin.Queue;
using MailPlugin.Tests.Support;

namespace MailPlugin.Tests.Queue;

public sealed class StoreWatchTests
{
    readonly ManualClock _clock = new();

    [Fact]
    public void A_failure_counts_until_a_write_of_its_size_succeeds()
    {
        var watch = new StoreWatch(_clock);
        watch.Failed(1_000, "full");

        watch.Succeeded(999);
        Assert.Equal("full", watch.Trouble);

        watch.Succeeded(1_000);
        Assert.Null(watch.Trouble);
    }

    [Fact]
    public void A_failure_of_less_hides_none_of_more()
    {
        var watch = new StoreWatch(_clock);
        watch.Failed(1_000, "full");
        watch.Failed(0, "busy");

        watch.Succeeded(999);
        Assert.NotNull(watch.Trouble);

        watch.Succeeded(1_000);
        Assert.Null(watch.Trouble);
    }

    [Fact]
    public void A_failure_is_forgotten_when_nobody_tries_the_like_again()
    {
        var watch = new StoreWatch(_clock);
        watch.Failed(1_000, "full");

        _clock.Advance(TimeSpan.FromMinutes(14));
        Assert.NotNull(watch.Trouble);
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(watch.Trouble);
    }
}
