using System.Globalization;
using System.Text;
using MailPlugin.Diagnostics.Logs;
using MailPlugin.Options;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailPlugin.Tests.Diagnostics.Logs;

public sealed class LogReaderTests : IDisposable
{
    static readonly DateTimeOffset Start = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    readonly TempFolder _temp = new();
    readonly DataFolder _data;

    public LogReaderTests() => _data = new(_temp.Of("data"));

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("plain")]
    [InlineData("two\nlines")]
    [InlineData("{\"at\":\"x\"}\r\n{\"level\":\"error\"}")]
    [InlineData("\u001b[2J\u0000\u2028 \u202e ✉ 😀 \"quoted\" \\")]
    public void An_entry_is_one_line_whatever_its_text_is_and_comes_back_unchanged(string text)
    {
        var line = new LogLine(Start, LogLevel.Warning, 7, text, text, text);
        var json = line.ToJson();

        Assert.DoesNotContain(json, letter => letter is '\n' or '\r' or '\u001b' or '\u0000');
        Assert.Equal(line, LogLine.Parse(Encoding.UTF8.GetBytes(json)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"at\":\"2026-11-21T08:00:00.000Z\",\"level\":\"informa")]
    [InlineData("""{"at":"2026-11-21T08:00:00.000Z","level":null,"eventId":1,"category":"c","message":"m","error":null}""")]
    [InlineData("""{"at":"2026-11-21T08:00:00.000Z","level":"loud","eventId":1,"category":"c","message":"m","error":null}""")]
    [InlineData("""{"at":"2026-11-21T08:00:00.000Z","level":"error","eventId":1,"category":null,"message":"m","error":null}""")]
    [InlineData("""{"at":"2026-11-21T08:00:00.000Z","level":"error","eventId":1,"category":"c","message":null,"error":null}""")]
    [InlineData("""{"at":"soon","level":"error","eventId":1,"category":"c","message":"m","error":null}""")]
    [InlineData("""{"at":"2026-11-21T08:00:00.000Z","level":"error","eventId":1e99,"category":"c","message":"m","error":null}""")]
    [InlineData("""{"at":"2026-11-21T08:00:00.000Z","level":"error","eventId":1,"category":"c","message":"\ud800","error":null}""")]
    public void A_line_that_is_no_entry_is_none(string json) => Assert.Null(LogLine.Parse(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(50)]
    [InlineData(200)]
    public void Pages_give_each_entry_once_newest_first_over_blocks_and_files(int limit)
    {
        // Lines of all lengths up to more than a block, so that block borders fall everywhere.
        var random = new Random(7);
        var number = 0;
        foreach (var name in new[] { "mail-20261119.log", "mail-20261120.log", "mail-20261120_001.log", "mail-20261120_002.log", "mail-20261121.log" })
        {
            Write(name, Enumerable.Range(0, 60).Select(_ => Entry(number++, random.Next(20) == 0 ? random.Next(60_000, 200_000) : random.Next(4_000))));
        }

        Assert.Equal(Enumerable.Range(0, number).Reverse(), ReadAll(limit));
    }

    [Fact]
    public void Files_beyond_the_thousandth_of_a_day_are_in_their_order()
    {
        Write("mail-20261120.log", [Entry(0)]);
        Write("mail-20261120_001.log", [Entry(1)]);
        Write("mail-20261120_999.log", [Entry(2)]);
        Write("mail-20261120_1000.log", [Entry(3)]);
        Write("mail-20261121.log", [Entry(4)]);

        Assert.Equal([4, 3, 2, 1, 0], ReadAll(1));
    }

    [Fact]
    public void A_last_line_cut_by_a_crash_and_lines_of_garbage_are_passed_over()
    {
        Write("mail-20261120.log", [Entry(0), "", "garbage", "\u0000\u0000", Entry(1)]);
        File.AppendAllText(Of("mail-20261120.log"), Entry(2)[..40]);
        Write("mail-20261121.log", [Entry(3)]);
        File.AppendAllText(Of("mail-20261121.log"), Entry(4));

        // The last line is whole, only its end is missing.
        Assert.Equal([4, 3, 1, 0], ReadAll(2));
    }

    [Fact]
    public void A_line_longer_than_ours_ever_are_is_passed_over()
    {
        Write("mail-20261121.log", [Entry(0), new string('x', 3_000_000), Entry(1)]);

        Assert.Equal([1, 0], ReadAll(5));
    }

    [Fact]
    public void No_file_and_an_empty_one_are_an_empty_page()
    {
        Assert.Empty(ReadAll(5));
        Write("mail-20261121.log", []);
        Assert.Empty(ReadAll(5));
    }

    [Fact]
    public void What_is_written_between_two_pages_moves_nothing()
    {
        Write("mail-20261121.log", Enumerable.Range(0, 10).Select(number => Entry(number)));
        var reader = new LogReader(new(_data));
        var (first, next) = reader.Read(null, 4, _ => true);
        File.AppendAllText(Of("mail-20261121.log"), Entry(10) + "\n");
        Write("mail-20261122.log", [Entry(11)]);
        var (second, _) = reader.Read(next, 4, _ => true);

        Assert.Equal([9, 8, 7, 6, 5, 4, 3, 2], first.Concat(second).Select(line => line.EventId));
    }

    [Fact]
    public void A_file_that_was_removed_between_two_pages_is_passed_over()
    {
        Write("mail-20261120.log", [Entry(0), Entry(1)]);
        Write("mail-20261121.log", [Entry(2), Entry(3)]);
        var reader = new LogReader(new(_data));
        var (_, next) = reader.Read(null, 1, _ => true);
        File.Delete(Of("mail-20261121.log"));

        Assert.Equal([1, 0], reader.Read(next, 5, _ => true).Lines.Select(line => line.EventId));
    }

    [Fact]
    public void A_filter_gives_what_matches_on_every_page()
    {
        Write("mail-20261121.log", Enumerable.Range(0, 1000).Select(number => Entry(number)));

        Assert.Equal(Enumerable.Range(0, 10).Select(number => number * 100).Reverse(), ReadAll(3, line => line.EventId % 100 == 0));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("@5")]
    [InlineData("mail.log@")]
    [InlineData("mail.log@-1")]
    [InlineData("mail.log@1x")]
    public void A_place_that_is_none_is_none(string text) => Assert.Null(LogPlace.Parse(text));

    [Fact]
    public void A_place_outside_its_file_or_of_no_file_reads_no_other_file_than_logs()
    {
        Write("mail-20261121.log", [Entry(0), Entry(1)]);
        File.WriteAllText(_data.PathOf("mail-secret.log"), Entry(9) + "\n");
        var reader = new LogReader(new(_data));

        Assert.Equal([1, 0], reader.Read(new("mail-20261121.log", long.MaxValue), 5, _ => true).Lines.Select(line => line.EventId));
        Assert.DoesNotContain(reader.Read(new("../mail-secret.log", 1000), 5, _ => true).Lines, line => line.EventId == 9);
    }

    [Fact]
    public void The_first_page_of_a_large_file_costs_only_its_end()
    {
        using (var writer = new StreamWriter(Of("mail-20261121.log")))
        {
            var filling = Entry(1, 1000);
            for (var number = 0; number < 50_000; number++)
            {
                writer.Write(filling);
                writer.Write('\n');
            }
        }

        Assert.True(new FileInfo(Of("mail-20261121.log")).Length > 50_000_000);
        var before = BytesRead();
        Assert.Equal(50, new LogReader(new(_data)).Read(null, 50, _ => true).Lines.Count);

        // Others in this process read as well; the whole file would be fifty million.
        Assert.True(BytesRead() - before < 20_000_000);

        static long BytesRead() => long.Parse(
            File.ReadLines("/proc/self/io").First(line => line.StartsWith("rchar:", StringComparison.Ordinal)).AsSpan(7), CultureInfo.InvariantCulture);
    }

    [Fact]
    public void A_filter_that_matches_nothing_stops_after_a_while_and_says_where_to_go_on()
    {
        using (var writer = new StreamWriter(Of("mail-20261121.log")))
        {
            var filling = Entry(1, 10_000);
            for (var number = 0; number < 7_000; number++)
            {
                writer.Write(filling);
                writer.Write('\n');
            }
        }

        var (lines, next) = new LogReader(new(_data)).Read(null, 50, _ => false);

        Assert.Empty(lines);
        Assert.InRange(next!.Offset, 1, 20_000_000);
        Assert.Null(new LogReader(new(_data)).Read(next, 50, _ => false).Next);
    }

    [Fact]
    public void What_is_logged_can_be_read_back_with_its_parts_and_is_for_the_hosts_user_alone()
    {
        using (var loggers = LogFiles.CreateFactory(NullLoggerFactory.Instance, _data, new()))
        {
            var logger = loggers.CreateLogger("MailPlugin.Test");
            Log(logger, "a\"b\nc", new InvalidOperationException("why\nnot"));
            Log(loggers.CreateLogger("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware"), "a body with a secret", null);
        }

        var (lines, _) = new LogReader(new(_data)).Read(null, 10, _ => true);
        var line = Assert.Single(lines);
        Assert.Equal((LogLevel.Error, 77, "MailPlugin.Test", "Hello a\"b\nc, 5 times"), (line.Level, line.EventId, line.Category, line.Message));
        Assert.Contains("why\nnot", line.Error, StringComparison.Ordinal);
        Modes.AreOnlyTheOwners(Directory.EnumerateFiles(_data.Folder("logs")));
    }

    [Fact]
    public void A_full_file_is_continued_in_another_and_the_oldest_go()
    {
        using (var loggers = LogFiles.CreateFactory(NullLoggerFactory.Instance, _data, new() { FileSize = 64 * 1024, Files = 3 }))
        {
            var logger = loggers.CreateLogger("MailPlugin.Test");
            for (var number = 0; number < 2_000; number++)
            {
                Log(logger, new string('x', 200), null);
            }
        }

        var files = Directory.EnumerateFiles(_data.Folder("logs")).ToList();
        Assert.Equal(3, files.Count);
        Modes.AreOnlyTheOwners(files);
        Assert.InRange(ReadAll(50).Count, 300, 1000);
    }

    static void Log(ILogger logger, string name, Exception? fault) =>
        LoggerMessage.Define<string, int>(LogLevel.Error, new(77, "Hello"), "Hello {Name}, {Times} times")(logger, name, 5, fault);

    List<int> ReadAll(int limit, Func<LogLine, bool>? matches = null)
    {
        var reader = new LogReader(new(_data));
        var all = new List<int>();
        LogPlace? place = null;
        do
        {
            var (lines, next) = reader.Read(place, limit, matches ?? (_ => true));
            Assert.True(lines.Count <= limit);
            all.AddRange(lines.Select(line => line.EventId));

            // By way of its text, as a cursor.
            place = next is null ? null : LogPlace.Parse(next.ToString());
        }
        while (place is not null);

        return all;
    }

    string Of(string name) => Path.Combine(_data.Folder("logs"), name);

    void Write(string name, IEnumerable<string> lines) => File.WriteAllText(Of(name), string.Concat(lines.Select(line => line + "\n")));

    static string Entry(int number, int length = 10) => new LogLine(Start, LogLevel.Information, number, "c", new('m', length), null).ToJson();
}
