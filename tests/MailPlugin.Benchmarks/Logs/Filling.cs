using System.Diagnostics;
using System.Globalization;
using MailPlugin.Diagnostics.Logs;
using MailPlugin.Diagnostics.Transcripts;
using MailPlugin.Options;
using MailPlugin.Storage.Sqlite;
using MailPlugin.Storage.Stores;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailPlugin.Benchmarks;

/// <summary>What a host leaves behind in months, written by the product's own writers.</summary>
internal static class Filling
{
    /// <returns>The id of one of them.</returns>
    public static async Task<string> TranscriptsAsync(string data, int count)
    {
        await using var database = SqliteDatabase.Open(Path.Combine(data, "mail.db"), NullLogger<SqliteDatabase>.Instance);
        var store = new TranscriptStore(database);
        var begin = TimeProvider.System.GetUtcNow().AddDays(-7);
        foreach (var some in Enumerable.Range(0, count).Chunk(500))
        {
            await Task.WhenAll(some.Select(number => store.AddAsync(Transcript(number, begin.AddSeconds(number)), CancellationToken.None)));
        }

        return IdOf(count / 2);
    }

    /// <returns>How many lines it took.</returns>
    public static int Log(string data, long bytes)
    {
        using var loggers = Loggers(data);
        var logger = loggers.CreateLogger("MailPlugin.Delivery.DeliveryDesk");
        var folder = new DirectoryInfo(Path.Combine(data, "logs"));
        var lines = 0;
        while (lines % 5_000 != 0 || folder.EnumerateFiles().Sum(file => file.Length) < bytes)
        {
            Write(logger, lines % 100 == 0 ? LogLevel.Warning : LogLevel.Information, "t1", $"m_{lines}", "451 4.7.1 Greylisting in action, please come back in 300 seconds");
            lines++;
        }

        return lines;
    }

    /// <summary>So many lines a second, each with the time that it was written at.</summary>
    public static Task PacedAsync(string data, int rate, int seconds) => Task.Run(async () =>
    {
        using var loggers = Loggers(data);
        var logger = loggers.CreateLogger("MailPlugin.Delivery.DeliveryDesk");
        var clock = Stopwatch.StartNew();
        for (var written = 0; written < rate * seconds;)
        {
            for (var due = Math.Min(rate * seconds, clock.Elapsed.TotalSeconds * rate); written < due; written++)
            {
                Write(logger, LogLevel.Information, "t1", $"m_{written}", string.Create(CultureInfo.InvariantCulture, $"written at {Stopwatch.GetTimestamp()} end, and as long as such lines are"));
            }

            await Task.Delay(2);
        }
    });

    static ILoggerFactory Loggers(string data) => LogFiles.CreateFactory(NullLoggerFactory.Instance, new(data), new());

    static void Write(ILogger logger, LogLevel level, string transport, string message, string text) =>
        LoggerMessage.Define<string, string, string>(level, new(2005), "Transport {Transport} is deferring (message {MessageId}): {Reason}")(logger, transport, message, text, null);

    static Transcript Transcript(int number, DateTimeOffset at) => new()
    {
        Id = IdOf(number),
        At = at,
        Transport = $"t{number % 5}",
        Message = $"m_{number}",
        Outcome = "ok",
        Lines = [.. Enumerable.Range(0, 60).Select(line => new TranscriptLine(
            at.AddMilliseconds(line), line, line % 2 == 0 ? TranscriptSpeaker.Server : TranscriptSpeaker.Client, $"250 2.1.5 <recipient-{number}-{line}@example.org>... Recipient ok", true))],
    };

    static string IdOf(int number) => $"t_{number:x8}";
}
