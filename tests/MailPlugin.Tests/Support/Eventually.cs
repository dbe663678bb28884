using System.Diagnostics;

namespace MailPlugin.Tests.Support;

internal static class Eventually
{
    // Longer than a lease on PostgreSQL: what a dead connection claimed comes back after that.
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(100);

    /// <summary>Waits until the condition holds, and fails when it does not in time.</summary>
    public static async Task<T> SeeAsync<T>(Func<Task<T>> look, Func<T, bool> isRight, string what)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var seen = await look();
            if (isRight(seen))
            {
                return seen;
            }

            Assert.True(watch.Elapsed < Limit, $"{what}: still {seen} after {Limit.TotalSeconds} s");
            await Task.Delay(10);
        }
    }

    public static Task SeeAsync(Func<bool> isRight, string what) => SeeAsync(() => Task.FromResult(isRight()), right => right, what);
}
