using System.Diagnostics;
using System.Globalization;

namespace MailPlugin.Benchmarks;

/// <summary>Follows the log and notes how long after its writing each line came.</summary>
internal sealed class TailReader
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    TailReader(Task<TailReader> whole) => Whole = whole;

    TailReader() => Whole = Task.FromResult(this);

    /// <summary>Completes when all lines have come, or nothing more comes.</summary>
    public Task<TailReader> Whole { get; }

    /// <summary>In milliseconds.</summary>
    public List<double> Delays { get; } = [];

    /// <param name="count">How many lines it waits for.</param>
    public static async Task<TailReader> OpenAsync(LoadHost host, int count)
    {
        var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{host.Port}/api/mail/"), Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.Authorization = new("Bearer", host.Key);
        var answer = await client.GetAsync("logs/stream?q=written%20at", HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());

        // The first comment: from here on it listens.
        await reader.ReadLineAsync();
        return new(Task.Run(() => ReadAsync(client, reader, count)));
    }

    static async Task<TailReader> ReadAsync(HttpClient client, StreamReader reader, int count)
    {
        using var own = client;
        using var stream = reader;
        using var limit = new CancellationTokenSource();
        var seen = new TailReader();
        try
        {
            while (seen.Delays.Count < count)
            {
                limit.CancelAfter(Patience);
                var line = await reader.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException("The stream ended.");
                if (line.IndexOf("written at ", StringComparison.Ordinal) is var at and >= 0)
                {
                    var digits = line.AsSpan(at + 11);
                    seen.Delays.Add(Stopwatch.GetElapsedTime(long.Parse(digits[..digits.IndexOf(' ')], CultureInfo.InvariantCulture)).TotalMilliseconds);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // What did not come is said by how many did.
        }

        return seen;
    }
}
