using System.Globalization;
using MailPlugin.Diagnostics.Logs;
using MailPlugin.Options;
using MailPlugin.TestBed;
using MailPlugin.Tests.Support;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Tests.Diagnostics.Logs;

/// <summary>The log read onwards: every entry once and in order, whatever happens to its files in between.</summary>
public sealed class LogTailTests : IDisposable
{
    const string Today = "mail-20261121.log";

    readonly TempFolder _temp = new();
    readonly DataFolder _data;
    readonly LogFolder _folder;

    public LogTailTests()
    {
        _data = new(_temp.Of("data"));
        _folder = new(_data);
    }

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void It_begins_at_the_end_and_gives_what_comes_then()
    {
        Write(Today, 0, 1);
        using var tail = new LogTail(_folder, null);

        Assert.Empty(Read(tail));
        Write(Today, 2, 3);
        Assert.Equal([2, 3], Read(tail));
        Assert.Empty(Read(tail));
    }

    [Fact]
    public void Where_there_was_no_file_yet_nothing_of_the_first_is_missed()
    {
        using var tail = new LogTail(_folder, null);

        Assert.Empty(Read(tail));
        Assert.Null(tail.Place);
        Write(Today, 0, 1);
        Assert.Equal([0, 1], Read(tail));
    }

    [Fact]
    public void Another_day_and_another_number_are_followed_in_their_order()
    {
        Write("mail-20261120.log", 0);
        using var tail = new LogTail(_folder, null);
        Read(tail);
        Write("mail-20261120.log", 1);
        Write("mail-20261120_999.log", 2);
        Write("mail-20261120_1000.log", 3);
        Write(Today, 4);

        Assert.Equal([1, 2, 3, 4], Read(tail));
        Write("mail-20261121_001.log", 5);
        Assert.Equal([5], Read(tail));
    }

    [Fact]
    public void What_was_still_written_to_a_file_before_the_next_began_comes_before_it()
    {
        Write(Today, 0);
        using var tail = new LogTail(_folder, null);
        Read(tail);
        File.AppendAllText(Of(Today), Entry(1));
        Assert.Empty(Read(tail));
        File.AppendAllText(Of(Today), "\n" + Entry(2) + "\n" + Entry(3));
        Write("mail-20261121_001.log", 4);

        // The last line of the first is whole but for its end.
        Assert.Equal([1, 2, 3, 4], Read(tail));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void A_line_written_in_pieces_is_given_once_and_whole(int piece)
    {
        Write(Today, 0);
        using var tail = new LogTail(_folder, null);
        Read(tail);
        var text = Entry(1, 3_000) + "\n" + Entry(2, 200_000) + "\n" + Entry(3) + "\n";
        var seen = new List<int>();
        foreach (var part in text.Chunk(piece * 100))
        {
            File.AppendAllText(Of(Today), new string(part));
            seen.AddRange(Read(tail));
        }

        Assert.Equal([1, 2, 3], seen);
    }

    [Fact]
    public void Garbage_and_a_line_longer_than_ours_ever_are_are_passed_over()
    {
        Write(Today, 0);
        using var tail = new LogTail(_folder, null);
        Read(tail);
        File.AppendAllText(Of(Today), "garbage\n\n" + new string('x', 3_000_000));
        Assert.Empty(Read(tail));
        File.AppendAllText(Of(Today), "\n" + Entry(1) + "\n");

        Assert.Equal([1], Read(tail));
    }

    [Fact]
    public void From_any_place_that_was_given_it_goes_on_with_the_next()
    {
        Write("mail-20261120.log", [.. Enumerable.Range(0, 40)]);
        Write(Today, [.. Enumerable.Range(40, 40)]);
        using var all = new LogTail(_folder, new("mail-20261120.log", 0));
        var places = ReadLines(all).ConvertAll(line => line.Place);

        Assert.Equal(80, places.Count);
        for (var number = 0; number < places.Count; number++)
        {
            using var tail = new LogTail(_folder, LogPlace.Parse(places[number].ToString()));
            Assert.Equal(Enumerable.Range(number + 1, 79 - number), Read(tail));
        }
    }

    [Fact]
    public void A_file_removed_while_it_is_read_is_read_to_its_end()
    {
        Write(Today, 0);
        using var tail = new LogTail(_folder, null);
        Read(tail);
        Write(Today, 1, 2);
        Write("mail-20261121_001.log", 3);
        File.Delete(Of(Today));

        var (gap, entries) = ReadWithGap(tail);
        Assert.Null(gap);
        Assert.Equal([1, 2, 3], entries);
    }

    [Theory]
    [InlineData("mail-20261121_001.log", "mail-20261121_002.log")]
    [InlineData("mail-20261121_001.log", "mail-20261122.log")]
    [InlineData("mail-20261122.log", "mail-20261122_001.log")]
    [InlineData("mail-20261122.log", "mail-20261123.log")]
    public void A_file_that_came_and_went_while_the_listener_stalled_is_said_however_small_it_was(string missed, string next)
    {
        Write(Today, 0);
        using var tail = new LogTail(_folder, null);
        Read(tail);
        File.AppendAllText(Of(Today), Entry(1));
        Write(missed, 2);
        Write(next, 3);
        File.Delete(Of(Today));
        File.Delete(Of(missed));

        // The last of what could still be read comes ahead of the gap.
        var told = new List<object>();
        for (var reads = 0; reads < 10; reads++)
        {
            var read = tail.Read();
            told.AddRange(read.Gap is { } gap ? [gap.Reason] : []);
            told.AddRange(read.Lines.Select(line => (object)line.Line.EventId));
        }

        Assert.Equal([1, "removed", 3], told);
    }

    [Fact]
    public void A_place_whose_file_is_gone_goes_on_with_the_oldest_behind_it_and_says_so()
    {
        Write(Today, 5, 6);
        using var tail = new LogTail(_folder, new("mail-20261119.log", 700));

        var (gap, entries) = ReadWithGap(tail);
        Assert.Equal("removed", gap);
        Assert.Equal([5, 6], entries);
    }

    [Theory]
    [InlineData("mail-99991231.log", 10)]
    [InlineData("../../mail-secret.log", 0)]
    [InlineData("nothing", 0)]
    public void A_place_behind_everything_is_the_end(string file, long offset)
    {
        Write(Today, 0);
        File.WriteAllText(_data.PathOf("mail-secret.log"), Entry(9) + "\n");
        using var tail = new LogTail(_folder, new(file, offset));

        var (gap, entries) = ReadWithGap(tail);
        Assert.Equal("removed", gap);
        Assert.DoesNotContain(9, entries);
        Write(Today, 1);
        Assert.Equal([1], Read(tail).TakeLast(1));
    }

    [Fact]
    public void An_offset_beyond_the_file_is_its_end()
    {
        Write(Today, 0);
        using var tail = new LogTail(_folder, new(Today, long.MaxValue));

        Assert.Empty(Read(tail));
        Write(Today, 1);
        Assert.Equal([1], Read(tail));
    }

    [Fact]
    public void Whoever_is_too_far_behind_is_told_and_goes_on_at_the_end()
    {
        Write(Today, 0);
        using var slow = new LogTail(_folder, null);
        Read(slow);
        Fill("mail-20261121_001.log");
        Fill("mail-20261121_002.log");
        using var late = new LogTail(_folder, new(Today, 0));

        foreach (var (gap, entries) in new[] { ReadWithGap(slow), ReadWithGap(late) })
        {
            Assert.Equal("behind", gap);
            Assert.Empty(entries);
        }

        Write("mail-20261121_002.log", 2);
        Assert.Equal([2], Read(slow));
        Assert.Equal([2], Read(late));
    }

    [Fact]
    public void A_large_backlog_is_read_in_blocks_that_do_not_grow_with_it()
    {
        Fill(Today);
        using var tail = new LogTail(_folder, new(Today, 0));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var (lines, gap) = tail.Read();

        Assert.Null(gap);
        Assert.InRange(lines.Count, 1, 64 * 1024 / 1000);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 2_000_000);
    }

    [Fact]
    public void A_link_in_the_folder_is_no_file_of_the_log()
    {
        File.WriteAllText(_data.PathOf("secret"), Entry(9) + "\n");
        File.CreateSymbolicLink(Of("mail-20261130.log"), _data.PathOf("secret"));
        Write(Today, 1);

        Assert.Equal([Today], _folder.Files().Select(file => file.Name));
        Assert.Equal([1], new LogReader(_folder).Read(null, 10, _ => true).Lines.Select(line => line.EventId));
    }

    void Fill(string name) => File.WriteAllText(Of(name), string.Concat(Enumerable.Repeat(Entry(1, 1_000) + "\n", (int)LogTail.MaxBehind * 6 / 10 / 1_000)));

    static List<int> Read(LogTail tail) => ReadWithGap(tail).Entries;

    static List<TailLine> ReadLines(LogTail tail)
    {
        var all = new List<TailLine>();
        while (tail.Read() is { Lines.Count: > 0 } read)
        {
            all.AddRange(read.Lines);
        }

        return all;
    }

    /// <summary>Until nothing more comes; long lines take several reads in which none ends.</summary>
    static (string? Gap, List<int> Entries) ReadWithGap(LogTail tail)
    {
        var all = new List<int>();
        string? gap = null;
        for (var silent = 0; silent < 60;)
        {
            var read = tail.Read();
            gap ??= read.Gap?.Reason;
            all.AddRange(read.Lines.Select(line => line.Line.EventId));
            silent = read.Lines.Count == 0 ? silent + 1 : 0;
        }

        return (gap, all);
    }

    string Of(string name) => Path.Combine(_data.Folder("logs"), name);

    void Write(string name, params int[] numbers) => File.AppendAllText(Of(name), string.Concat(numbers.Select(number => Entry(number) + "\n")));

    static string Entry(int number, int length = 10) =>
        new LogLine(Some.Time, LogLevel.Information, number, "c", number.ToString(CultureInfo.InvariantCulture).PadRight(length, 'm'), null).ToJson();
}
