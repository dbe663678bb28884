using MailPlugin.Delivery;
using MailPlugin.Tests.Support;

namespace MailPlugin.Tests.Delivery;

public sealed class TransportHealthTests
{
    readonly ManualClock _clock = new();

    [Fact]
    public void A_few_failures_in_a_row_open_it_and_a_probe_that_succeeds_closes_it()
    {
        var health = new TransportHealth(_clock);
        health.Failed("refused", settings: false);
        health.Failed("refused", settings: false);
        Assert.Equal(TransportAccess.Open, health.Access);

        health.Failed("refused", settings: false);

        Assert.Equal((TransportAccess.Closed, TransportCondition.Degraded, "refused"), (health.Access, health.Report().Condition, health.Report().Reason));
        _clock.Advance(TimeSpan.FromSeconds(21));
        Assert.Equal(TransportAccess.Probe, health.Access);
        Assert.Equal(TransportAccess.Probe, health.Enter());
        Assert.Equal(TransportAccess.Closed, health.Enter());
        health.Succeeded();
        Assert.Equal((TransportAccess.Open, TransportCondition.Healthy), (health.Access, health.Report().Condition));
        Assert.Equal("refused", health.Report().LastError!.Text);
    }

    [Fact]
    public void Pauses_grow_with_each_probe_that_fails()
    {
        var health = new TransportHealth(_clock);
        for (var i = 0; i < 3; i++)
        {
            health.Failed("x", settings: false);
        }

        _clock.Advance(TimeSpan.FromSeconds(21));
        Assert.Equal(TransportAccess.Probe, health.Enter());
        health.Failed("x", settings: false, ofProbe: true);

        _clock.Advance(TimeSpan.FromSeconds(21));
        Assert.Equal(TransportAccess.Closed, health.Access);
        _clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(TransportAccess.Probe, health.Access);
    }

    [Fact]
    public void What_was_under_way_when_it_opened_makes_no_pause_longer_by_failing_too()
    {
        var health = new TransportHealth(_clock);
        for (var i = 0; i < 20; i++)
        {
            health.Failed("refused", settings: false);
        }

        _clock.Advance(TimeSpan.FromSeconds(21));
        Assert.Equal(TransportAccess.Probe, health.Enter());

        // Neither ends the probe what was begun long before it.
        health.Failed("timed out", settings: false);
        Assert.Equal(TransportAccess.Closed, health.Access);
        health.Failed("refused", settings: false, ofProbe: true);
        _clock.Advance(TimeSpan.FromSeconds(41));
        Assert.Equal(TransportAccess.Probe, health.Access);
    }

    [Fact]
    public void However_often_probes_fail_the_next_one_goes_after_five_minutes()
    {
        var health = new TransportHealth(_clock);
        for (var i = 0; i < 3; i++)
        {
            health.Failed("x", settings: false);
        }

        for (var probe = 0; probe < 20; probe++)
        {
            _clock.Advance(TimeSpan.FromMinutes(5));
            Assert.Equal(TransportAccess.Probe, health.Enter());
            health.Failed("x", settings: false, ofProbe: true);
        }

        _clock.Advance(TimeSpan.FromSeconds(299));
        Assert.Equal(TransportAccess.Closed, health.Access);
    }

    [Fact]
    public void A_success_between_failures_starts_the_count_anew()
    {
        var health = new TransportHealth(_clock);
        for (var i = 0; i < 10; i++)
        {
            health.Failed("x", settings: false);
            health.Succeeded();
        }

        Assert.Equal(TransportAccess.Open, health.Access);
    }

    [Fact]
    public void A_settings_fault_suspends_at_once_and_a_change_of_settings_heals()
    {
        var health = new TransportHealth(_clock);
        var told = 0;
        health.Changed += () => told++;

        health.Failed("535 no", settings: true);
        Assert.Equal((TransportAccess.Closed, TransportCondition.Suspended), (health.Access, health.Report().Condition));
        health.Resume();

        Assert.Equal((TransportAccess.Open, 2), (health.Access, told));
    }

    [Fact]
    public void An_unreachable_relay_does_not_lift_a_suspension()
    {
        var health = new TransportHealth(_clock);
        health.Failed("535 no", settings: true);
        _clock.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal(TransportAccess.Probe, health.Enter());

        health.Failed("connection refused", settings: false, ofProbe: true);

        Assert.Equal((TransportCondition.Suspended, "535 no"), (health.Report().Condition, health.Report().Reason));
    }

    [Fact]
    public void A_probe_that_never_comes_back_is_given_up()
    {
        var health = new TransportHealth(_clock);
        health.Failed("535 no", settings: true);
        _clock.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal(TransportAccess.Probe, health.Enter());
        Assert.Equal(TransportAccess.Closed, health.Access);

        _clock.Advance(TimeSpan.FromMinutes(16));

        Assert.Equal(TransportAccess.Probe, health.Access);
    }
}
