using MailPlugin.Http.Binding;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace MailPlugin.Tests.Http;

public sealed class QueryReaderTests
{
    [Theory]
    [InlineData("2026-11-21T08:00:00Z")]
    [InlineData("2026-11-21t08:00:00.0000000+00:00")]
    [InlineData("2026-11-21T09:00:00+01:00")]
    [InlineData("2026-11-21T08:00")]
    [InlineData("2026-11-21 08:00:00")]
    public void A_time_is_one_wherever_the_host_is(string text) => Assert.Equal(new DateTimeOffset(2026, 11, 21, 8, 0, 0, TimeSpan.Zero), Read(text).Time);

    [Fact]
    public void A_day_begins_at_its_first_minute() => Assert.Equal(new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero), Read("2026-11-21").Time);

    [Theory]
    [InlineData("11/21/2026")]
    [InlineData("21.11.2026")]
    [InlineData("08:00")]
    [InlineData("soon")]
    [InlineData("2026-13-01")]
    [InlineData("2026-11-21T25:00:00Z")]
    [InlineData("2026-11-21T08:00:00Z\n")]
    public void What_may_mean_another_day_is_a_fault(string text)
    {
        var (time, faults) = Read(text);

        Assert.Null(time);
        Assert.True(faults.Any);
    }

    static (DateTimeOffset? Time, Faults Faults) Read(string text)
    {
        var faults = new Faults();
        return (new QueryReader(new QueryCollection(new Dictionary<string, StringValues> { ["since"] = text }), faults).Time("since"), faults);
    }
}
