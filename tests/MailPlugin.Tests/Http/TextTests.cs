using System.Text.Json;
using MailPlugin.Http;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Pipeline;
using MailPlugin.Settings;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Tests.Http;

public sealed class TextTests
{
    static readonly JsonSerializerOptions WithTimes = new() { Converters = { new TimeText.Converter() } };

    [Theory]
    [InlineData(null, Language.English)]
    [InlineData("", Language.English)]
    [InlineData("zh-CN", Language.Chinese)]
    [InlineData("ZH", Language.Chinese)]
    [InlineData("zh-Hans-CN;q=0.9, en;q=0.8", Language.Chinese)]
    [InlineData("en;q=0.8, zh;q=0.9", Language.Chinese)]
    [InlineData("en, zh", Language.English)]
    [InlineData("zh, en", Language.Chinese)]
    [InlineData("fr, de;q=0.9", Language.English)]
    [InlineData("fr, zh;q=0.1", Language.Chinese)]
    [InlineData("zh;q=0", Language.English)]
    [InlineData("zh;q=0.5, *", Language.English)]
    [InlineData("zhx", Language.English)]
    [InlineData("enx;q=1, zh;q=0.2", Language.Chinese)]
    [InlineData(";;;q=,,", Language.English)]
    [InlineData("zh;q=NaN", Language.English)]
    public void The_better_liked_of_both_languages_is_spoken(string? header, object expected)
    {
        var context = new DefaultHttpContext();
        if (header is not null)
        {
            context.Request.Headers.AcceptLanguage = header;
        }

        Assert.Equal((Language)expected, RequestLanguage.Of(context));
    }

    [Fact]
    public void Enums_are_camelCase_and_exact_both_ways()
    {
        Assert.Equal("startTlsIfOffered", EnumText.Of(SmtpSecurityChoice.StartTlsIfOffered));
        Assert.Equal("cramMd5", EnumText.Of(SmtpAuthChoice.CramMd5));
        Assert.Equal("auto, none, startTls, startTlsIfOffered, implicitTls", EnumText.List<SmtpSecurityChoice>());
        foreach (var value in Enum.GetValues<SmtpAuthChoice>())
        {
            Assert.True(EnumText.TryParse<SmtpAuthChoice>(EnumText.Of(value), out var again));
            Assert.Equal(value, again);
        }
    }

    [Theory]
    [InlineData("StartTls")]
    [InlineData("STARTTLS")]
    [InlineData("1")]
    [InlineData("auto,none")]
    [InlineData(" auto")]
    [InlineData("")]
    public void An_enum_is_nothing_but_its_own_words(string text) => Assert.False(EnumText.TryParse<SmtpSecurityChoice>(text, out _));

    [Fact]
    public void Times_are_UTC_with_Z_and_milliseconds()
    {
        Assert.Equal("2026-11-21T06:00:00.120Z", TimeText.Of(new(2026, 11, 21, 8, 0, 0, 120, TimeSpan.FromHours(2))));
        Assert.Equal("\"2026-11-21T06:00:00.120Z\"", JsonSerializer.Serialize(new DateTimeOffset(2026, 11, 21, 8, 0, 0, 120, TimeSpan.FromHours(2)), WithTimes));
    }

    [Theory]
    [InlineData("/mail/", "/api/mail", "../api/mail")]
    [InlineData("/mail/", "/mail/api", "api")]
    [InlineData("/a/b/c/", "/a/x", "../../x")]
    [InlineData("/tools/mail/", "/tools/mail-api", "../mail-api")]
    [InlineData("/mail/", "/api", "../api")]
    public void The_page_finds_the_API_by_a_relative_path(string page, string api, string expected)
    {
        Assert.Equal(expected, PagePipeline.RelativePath(page, api));
        Assert.Equal($"http://h{api}", new Uri(new Uri($"http://h{page}"), expected).ToString());
    }

    [Fact]
    public void Two_texts_are_joined_as_each_language_does()
    {
        var joined = new LocalizedText("One.", "一。") + new LocalizedText("Two.", "二。");

        Assert.Equal(("One. Two.", "一。二。"), (joined.In(Language.English), joined.In(Language.Chinese)));
    }
}
