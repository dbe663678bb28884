using MailPlugin.Diagnostics.Causes;
using MailPlugin.Http;
using MailPlugin.Transports.Programs;

namespace MailPlugin.Tests.Diagnostics.Causes;

public sealed class ProgramCausesTests
{
    [Fact]
    public void Every_end_of_a_program_has_a_cause_of_its_own()
    {
        var causes = Enum.GetValues<ProgramEnd>().Where(end => end is not (ProgramEnd.Exited or ProgramEnd.Canceled)).Select(end => CauseOf(new(end))).ToList();

        Assert.Equal(causes.Count, causes.Select(cause => cause.Id).Distinct().Count());
        Assert.All(causes, IsWhole);
    }

    [Theory]
    [InlineData(0, "program-read-nothing")]
    [InlineData(1, "program-failed")]
    [InlineData(64, "program-set-wrong")]
    [InlineData(65, "program-refused")]
    [InlineData(67, "program-refused")]
    [InlineData(68, "program-failed")]
    [InlineData(75, "program-busy")]
    [InlineData(77, "program-set-wrong")]
    [InlineData(78, "program-set-wrong")]
    [InlineData(100, "program-refused")]
    [InlineData(111, "program-busy")]
    [InlineData(255, "program-failed")]
    public void An_exit_code_has_its_cause(int code, string expected)
    {
        var cause = CauseOf(new(ProgramEnd.Exited) { ExitCode = code });

        Assert.Equal(expected, cause.Id);
        IsWhole(cause);
    }

    [Fact]
    public void Only_one_that_read_the_whole_message_may_have_sent_it()
    {
        Assert.Contains("may have arrived", CauseOf(new(ProgramEnd.TimedOut) { WasReadWhole = true }).Text.English, StringComparison.Ordinal);
        Assert.DoesNotContain("may have arrived", CauseOf(new(ProgramEnd.TimedOut)).Text.English, StringComparison.Ordinal);
    }

    static Cause CauseOf(ProgramResult result) => CauseFinder.Of(ProgramSeen.Ran(result));

    static void IsWhole(Cause cause)
    {
        Assert.Contains(cause.Id, CauseList.Ids.Keys);
        Assert.NotEmpty(cause.Advice);
        Assert.All(cause.Advice.Append(cause.Text), text => Assert.NotEqual(text.In(Language.English), text.In(Language.Chinese)));
    }
}
