using MailPlugin.Diagnostics.Logs;
using MailPlugin.Options;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Tests.Diagnostics.Logs;

public sealed class AddressMaskTests
{
    [Theory]
    [InlineData("jane@example.com", "j***@example.com")]
    [InlineData("550 5.1.1 <jane.doe@example.com>: no such user", "550 5.1.1 <j***@example.com>: no such user")]
    [InlineData("a@b.c,d+e=f@g.h;\"John Doe\"@i.j", "a***@b.c,d***@g.h;\"***@i.j")]
    [InlineData("RCPT TO:<用户@例子.广告> 😀x@example.com", "RCPT TO:<用***@例子.广告> 😀***@example.com")]
    [InlineData("u@[192.0.2.1]", "u***@[192.0.2.1]")]
    [InlineData("@ a@ @b c@ d \"@x 5 @ 6 EUR", "@ a@ @b c@ d \"@x 5 @ 6 EUR")]
    [InlineData("a@b@c.example", "a***@b***@c.example")]
    [InlineData("no address", "no address")]
    [InlineData("", "")]
    public void Local_parts_go_and_domains_stay(string text, string masked) => Assert.Equal(masked, AddressMask.Of(text));

    [Fact]
    public void Text_that_is_made_to_be_slow_is_not()
    {
        var text = string.Concat(Enumerable.Repeat(new string('a', 1_000) + "\"@", 2_000));

        Assert.NotEmpty(AddressMask.Of(text));
        Assert.NotEmpty(AddressMask.Of(new string('@', 2_000_000)));
        Assert.NotEmpty(AddressMask.Of(new string('a', 2_000_000) + "@"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Files_and_the_hosts_log_are_without_addresses_where_it_is_asked_for(bool masked)
    {
        using var temp = new TempFolder();
        var data = new DataFolder(temp.Of("data"));
        using var host = new RecordedLog();
        using var loggersOfHost = LoggerFactory.Create(builder => builder.AddProvider(host));
        using (var loggers = LogFiles.CreateFactory(loggersOfHost, data, new() { MaskAddresses = masked }))
        {
            LoggerMessage.Define<string>(LogLevel.Error, new(77), "Refused: {Reply}")(loggers.CreateLogger("MailPlugin.Test"), "550 jane@example.com", new InvalidOperationException("john@example.org"));
        }

        var line = Assert.Single(new LogReader(new(data)).Read(null, 10, _ => true).Lines);
        var entry = Assert.Single(host.Entries);
        Assert.Equal(masked ? "Refused: 550 j***@example.com" : "Refused: 550 jane@example.com", line.Message);
        Assert.Equal(!masked, line.Error!.Contains("john@", StringComparison.Ordinal));
        Assert.Equal(!masked, $"{entry.Text} {entry.Exception}".Contains("john@", StringComparison.Ordinal));
        Assert.Equal(!masked, entry.Text.Contains("jane@", StringComparison.Ordinal));
        Assert.Contains("@example.org", $"{entry.Text} {entry.Exception}", StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_crash_cut_off_is_ended_so_that_the_next_entry_is_one()
    {
        using var temp = new TempFolder();
        var data = new DataFolder(temp.Of("data"));
        Write("one");
        var file = Assert.Single(Directory.GetFiles(data.Folder("logs")));
        File.AppendAllText(file, "{\"at\":\"2026-11-2");
        Write("two");

        Assert.Equal(["two", "one"], new LogReader(new(data)).Read(null, 10, _ => true).Lines.Select(line => line.Message));

        void Write(string text)
        {
            using var loggers = LogFiles.CreateFactory(Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, data, new());
            loggers.CreateLogger("MailPlugin.Test").Log(LogLevel.Warning, 1, text, null, (state, _) => state);
        }
    }
}
