using System.Text.Json.Nodes;
using MailPlugin.Http;
using MailPlugin.Settings;
using MailPlugin.Settings.Presets;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Settings.Presets;

/// <summary>Each preset that is shipped, by itself.</summary>
public sealed class PresetCatalogTests
{
    static readonly TimeSpan Year = TimeSpan.FromDays(366);

    public static TheoryData<string> Ids => [.. PresetCatalog.All.Select(preset => preset.Id)];

    [Theory]
    [InlineData("qq", "smtp.qq.com", "465 ImplicitTls, 587 StartTls", "address", "authorisationCode")]
    [InlineData("163", "smtp.163.com", "465 ImplicitTls, 994 ImplicitTls", "address", "authorisationCode")]
    [InlineData("aliyun", "smtp.qiye.aliyun.com", "465 ImplicitTls, 25 None, 80 None", "address", "passwordOrSecurity")]
    [InlineData("sendgrid", "smtp.sendgrid.net", "587 StartTls, 465 ImplicitTls, 2525 StartTls, 25 StartTls", "literal:apikey", "apiKey")]
    [InlineData("gmail", "smtp.gmail.com", "465 ImplicitTls, 587 StartTls", "address", "appPasswordOrOauth")]
    [InlineData("outlook", "smtp-mail.outlook.com", "587 StartTls", "address", "oauth")]
    [InlineData("hotmail", "smtp-mail.outlook.com", "587 StartTls", "address", "oauth")]
    [InlineData("yahoo", "smtp.mail.yahoo.com", "465 ImplicitTls, 587 StartTls", "address", "appPassword")]
    [InlineData("icloud", "smtp.mail.me.com", "587 StartTls", "address", "appPassword")]
    [InlineData("zoho", "smtp.zoho.com", "465 ImplicitTls, 587 StartTls", "address", "passwordOrApp")]
    [InlineData("directmail", "smtpdm.aliyun.com", "465 ImplicitTls, 80 StartTlsIfOffered, 25 StartTlsIfOffered", "sender", "smtpPassword")]
    public void W9_1_to_11_A_provider_of_the_source_documents_has_its_corrected_facts(string id, string host, string ports, string username, string credential)
    {
        var preset = Of(id);

        Assert.Equal(
            (host, ports, username, credential),
            (preset.Hosts[0], string.Join(", ", preset.Ports.Select(port => $"{port.Port} {port.Security}")), preset.Username, preset.Credential));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void It_says_in_both_languages_what_to_do(string id)
    {
        var preset = Of(id);
        var steps = Raw(id)["steps"]!;

        Assert.NotEmpty(preset.Steps);
        Assert.Equal(steps["en"]!.AsArray().Count, steps["zh"]!.AsArray().Count);
        Assert.All(preset.Steps.Append(preset.Notes).Concat(preset.Deadlines.SelectMany(deadline => new[] { deadline.Before, deadline.After })), text =>
        {
            Assert.False(string.IsNullOrWhiteSpace(text.English));
            Assert.DoesNotContain(text.English, IsChinese);
            Assert.Contains(text.Chinese, IsChinese);
        });
        Assert.False(string.IsNullOrWhiteSpace(preset.Name.English) || string.IsNullOrWhiteSpace(preset.Name.Chinese));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void It_names_the_page_it_can_be_checked_at_and_the_day_it_was(string id)
    {
        var preset = Of(id);

        Assert.All(new[] { preset.OfficialUrl, preset.Source }.OfType<string>(), link => Assert.True(Uri.TryCreate(link, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps, link));
        Assert.True(
            TimeProvider.System.GetUtcNow() - preset.CheckedOn.ToDateTime(default, DateTimeKind.Utc) < Year,
            $"What is said of {id} was checked on {preset.CheckedOn:O}: look again at {preset.OfficialUrl}, and at {preset.Source ?? "nothing else"}.");
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Its_ports_and_their_encryption_belong_together(string id)
    {
        var preset = Of(id);

        Assert.NotEmpty(preset.Ports);
        Assert.Equal(preset.Ports.Count, preset.Ports.Select(port => port.Port).Distinct().Count());
        Assert.All(preset.Ports, port => Assert.Contains(port.Security, Usual(port.Port)));
        Assert.True(preset.Username == "none" || preset.Ports[0].Security is SmtpSecurityChoice.ImplicitTls or SmtpSecurityChoice.StartTls, "a password is typed for a connection that is surely protected");
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Its_servers_and_domains_are_names_that_belong_to_nobody_else(string id)
    {
        var preset = Of(id);

        Assert.NotEmpty(preset.Hosts);
        Assert.All(preset.Hosts.Concat(preset.Domains), name =>
        {
            Assert.Equal(name.ToLowerInvariant(), name);
            Assert.True(name == "127.0.0.1" || (Uri.CheckHostName(name) == UriHostNameType.Dns && name.Contains('.', StringComparison.Ordinal)), name);
        });
        Assert.All(preset.Domains, domain => Assert.Same(preset, PresetCatalog.OfDomain(domain)));
        Assert.All(preset.Hosts, host => Assert.Contains(preset, PresetCatalog.OfHost(host)));
    }

    /// <summary>The page shows these words by its own texts.</summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public void Its_words_are_known_to_the_page(string id)
    {
        var preset = Of(id);
        string?[] words =
        [
            preset.Username.StartsWith("literal:", StringComparison.Ordinal) ? null : $"preset.user.{preset.Username}",
            $"preset.cred.{preset.Credential}",
            .. preset.Unverified.Select(fact => $"preset.fact.{fact.Split('[')[0]}"),
        ];

        Assert.All(Texts("en").Zip(Texts("zh-CN")), pair => Assert.Equal(pair.First.Key, pair.Second.Key));
        Assert.All(words.OfType<string>(), word => Assert.Contains(word, Texts("en").Keys));
        Assert.Contains(preset.From, new[] { null, "login", "verified" });
        Assert.All(preset.Unverified, fact => Assert.True(Raw(id).AsObject().ContainsKey(fact.Split('[')[0]) || fact == "from", $"{fact} is no fact of {id}"));
    }

    [Fact]
    public void There_are_forty_and_each_has_an_id_of_its_own()
    {
        Assert.InRange(PresetCatalog.All.Count, 40, int.MaxValue);
        Assert.Equal(PresetCatalog.All.Count, PresetCatalog.All.Select(preset => preset.Id).Distinct().Count());
    }

    [Fact]
    public void A_domain_is_found_whatever_its_case_and_a_stranger_is_not()
    {
        Assert.Equal("gmail", PresetCatalog.OfDomain("GMail.com")?.Id);
        Assert.Equal("hotmail", PresetCatalog.OfDomain("hotmail.com")?.Id);
        Assert.Null(PresetCatalog.OfDomain("gmail.com.example"));
        Assert.Empty(PresetCatalog.OfHost("smtp.example.com"));
    }

    [Theory]
    [InlineData("2026-07-03", null, null)]
    [InlineData("2026-07-04", "in 180 days", "180 天后")]
    [InlineData("2026-12-30", "in 1 days", "1 天后")]
    [InlineData("2026-12-31", "is over", "已到期")]
    [InlineData("2030-01-01", "is over", "已到期")]
    public void A_deadline_is_told_as_it_comes_near_and_when_it_is_past(string today, string? english, string? chinese)
    {
        var deadline = new PresetDeadline(new(2026, 12, 31), 180, new("ends in {days} days", "{days} 天后结束"), new("is over", "已到期"));

        var warning = deadline.Warning(DateOnly.Parse(today, System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal(english is null, warning is null);
        Assert.Contains(english ?? "", warning?.English ?? "", StringComparison.Ordinal);
        Assert.Contains(chinese ?? "", warning?.Chinese ?? "", StringComparison.Ordinal);
    }

    static Preset Of(string id) => PresetCatalog.All.Single(preset => preset.Id == id);

    static JsonNode Raw(string id)
    {
        using var file = typeof(PresetCatalog).Assembly.GetManifestResourceStream("presets.json")!;
        return JsonNode.Parse(file)!.AsArray().Single(row => row!["id"]!.GetValue<string>() == id)!;
    }

    static SortedDictionary<string, string> Texts(string language) =>
        new(JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "wwwroot", "mail", "i18n", $"{language}.json")))!.AsObject()
            .Where(pair => pair.Key.StartsWith("preset.", StringComparison.Ordinal)).ToDictionary(pair => pair.Key, pair => pair.Value!.GetValue<string>()), StringComparer.Ordinal);

    static SmtpSecurityChoice[] Usual(int port) => port switch
    {
        465 or 994 or 2465 or 8465 or 443 => [SmtpSecurityChoice.ImplicitTls],
        587 or 2587 or 8025 => [SmtpSecurityChoice.StartTls],
        1025 or 2525 => [SmtpSecurityChoice.StartTls, SmtpSecurityChoice.Auto],
        25 or 80 => [SmtpSecurityChoice.StartTls, SmtpSecurityChoice.StartTlsIfOffered, SmtpSecurityChoice.None, SmtpSecurityChoice.Auto],
        _ => [],
    };

    static bool IsChinese(char character) => character is >= '一' and <= '鿿';
}
