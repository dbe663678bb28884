using MailPlugin.Queue;
using MailPlugin.Tests.Support;

namespace MailPlugin.Tests.Queue;

public sealed class HoldClockTests
{
    readonly MemoryState _state = new();

    [Fact]
    public async Task An_end_moves_by_the_time_that_its_route_was_held()
    {
        var holds = new HoldClock(_state);
        await holds.UpdateAsync(["a"], Some.Time, CancellationToken.None);
        await holds.UpdateAsync([], Some.Time.AddHours(2), CancellationToken.None);
        var end = Some.Time.AddDays(1);
        var now = Some.Time.AddHours(5);

        Assert.Equal(end.AddHours(2), holds.Effective(end, TimeSpan.Zero, "a", now));
        Assert.Equal(end, holds.Effective(end, TimeSpan.Zero, "b", now));
    }

    [Fact]
    public async Task What_came_later_is_not_credited_with_what_was_held_before()
    {
        var holds = new HoldClock(_state);
        await holds.UpdateAsync([HoldClock.Everything], Some.Time, CancellationToken.None);
        await holds.UpdateAsync([], Some.Time.AddHours(2), CancellationToken.None);
        var held = holds.Total("a", Some.Time.AddHours(3));

        Assert.Equal(TimeSpan.FromHours(2), held);
        Assert.Equal(Some.Time.AddDays(1), holds.Effective(Some.Time.AddDays(1), held, "a", Some.Time.AddHours(4)));
    }

    [Fact]
    public async Task A_hold_goes_on_over_a_restart()
    {
        var before = new HoldClock(_state);
        await before.UpdateAsync([HoldClock.AnyTransport], Some.Time, CancellationToken.None);
        var after = new HoldClock(_state);
        await after.LoadAsync(CancellationToken.None);

        await after.UpdateAsync([], Some.Time.AddHours(3), CancellationToken.None);

        Assert.Equal(TimeSpan.FromHours(3), after.Total("", Some.Time.AddHours(9)));
    }

    [Fact]
    public async Task A_hold_that_could_not_be_written_is_written_when_it_can()
    {
        var before = new HoldClock(_state);
        _state.Fails = true;
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => before.UpdateAsync([HoldClock.Everything], Some.Time, CancellationToken.None));
        _state.Fails = false;
        await before.UpdateAsync([HoldClock.Everything], Some.Time.AddMinutes(1), CancellationToken.None);

        var after = new HoldClock(_state);
        await after.LoadAsync(CancellationToken.None);

        Assert.Equal(TimeSpan.FromHours(1), after.Total("", Some.Time.AddHours(1)));
    }

    sealed class MemoryState : IQueueState
    {
        public bool Fails { get; set; }

        readonly Dictionary<string, string> _values = [];

        public Task<string?> ReadAsync(string name, CancellationToken cancellationToken) => Task.FromResult(_values.GetValueOrDefault(name));

        public Task WriteAsync(string name, string value, CancellationToken cancellationToken)
        {
            _values[name] = Fails ? throw new DatabaseUnavailableException("full") : value;
            return Task.CompletedTask;
        }

        public Task ProbeAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
