using System.Diagnostics;

namespace MailPlugin.TestBed;

/// <summary>The one way to wait for something that nobody tells: looks again and again, and fails when it has not come about in time.</summary>
public static class Eventually
{
    // Longer than a lease on PostgreSQL: what a dead connection claimed comes back after that. No test hopes for so long a wait; it only tells that something hangs.
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(180);

    /// <summary>Waits until what is seen is right, and gives it.</summary>
    /// <exception cref="TimeoutException">It was not; the message holds what was seen last.</exception>
    public static async Task<T> SeeAsync<T>(Func<Task<T>> look, Func<T, bool> isRight, Func<T, string> what)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var seen = await look();
            if (isRight(seen))
            {
                return seen;
            }

            if (watch.Elapsed > Limit)
            {
                throw new TimeoutException($"Did not come about within {Limit.TotalSeconds} s: {what(seen)}");
            }

            await Task.Delay(10);
        }
    }

    public static Task<T> SeeAsync<T>(Func<Task<T>> look, Func<T, bool> isRight, string what) => SeeAsync(look, isRight, seen => $"{what}; seen was {seen}");

    public static Task SeeAsync(Func<Task<bool>> isRight, Func<string> what) => SeeAsync(isRight, right => right, _ => what());

    public static Task SeeAsync(Func<Task<bool>> isRight, string what) => SeeAsync(isRight, () => what);

    public static Task SeeAsync(Func<bool> isRight, string what) => SeeAsync(() => Task.FromResult(isRight()), what);
}
