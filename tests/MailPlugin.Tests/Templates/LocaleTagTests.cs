using MailPlugin.Templates;

namespace MailPlugin.Tests.Templates;

public sealed class LocaleTagTests
{
    [Theory]
    [InlineData("EN", "en")]
    [InlineData("zh-hans-cn", "zh-Hans-CN")]
    [InlineData("ZH-cn", "zh-CN")]
    [InlineData("es-419", "es-419")]
    [InlineData("sl-rozaj-biske", "sl-rozaj-biske")]
    [InlineData("zh-hant-hk-X-Private", "zh-Hant-HK-x-private")]
    [InlineData("en-x-US", "en-x-us")]
    public void A_tag_is_written_as_the_standard_recommends(string text, string expected)
    {
        Assert.True(LocaleTag.TryParse(text, out var tag));
        Assert.Equal(expected, tag.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("e")]
    [InlineData("en_US")]
    [InlineData("en-")]
    [InlineData("-en")]
    [InlineData("en--US")]
    [InlineData("../../etc/passwd")]
    [InlineData("en\n")]
    [InlineData("en-abcdefghi")]
    [InlineData("12-en")]
    [InlineData("英文")]
    [InlineData(null)]
    public void What_is_no_tag_is_refused(string? text) => Assert.False(LocaleTag.TryParse(text, out _));

    [Theory]
    [InlineData("zh-CN", "zh-CN")]
    [InlineData("zh", "zh-CN")]
    [InlineData("zh-Hans", "zh-CN")]
    [InlineData("zh-SG", "zh-CN")]
    [InlineData("zh-Hans-SG", "zh-CN")]
    [InlineData("zh-TW", "zh-Hant")]
    [InlineData("zh-Hant-HK", "zh-Hant")]
    [InlineData("pt-BR", "pt-PT")]
    [InlineData("pt", "pt-PT")]
    [InlineData("de-AT", "de")]
    [InlineData("de-DE", "de-DE")]
    [InlineData("de-Latn-DE", "de-DE")]
    [InlineData("sr-Latn", "sr")]
    [InlineData("ja", "en")]
    public void The_nearest_of_what_there_is_is_taken(string wanted, string expected)
    {
        var available = new[] { "de", "de-DE", "en", "pt-PT", "sr", "zh-CN", "zh-Hant" }.Select(LocaleTag.Parse).ToList();

        Assert.Equal(expected, LocaleTag.Parse(wanted).BestOf(available).Text);
    }

    [Fact]
    public void Without_the_default_the_first_is_taken() => Assert.Equal("fr", LocaleTag.Parse("ja").BestOf([LocaleTag.Parse("fr"), LocaleTag.Parse("it")]).Text);

    [Fact]
    public void A_caller_can_make_no_culture_of_its_own() => Assert.Equal(LocaleTag.Parse("en-US").Culture, LocaleTag.Parse("en-US-x-anything").Culture);
}
