using MailPlugin.Host.Tests.Mail;
using MailPlugin.TestBed;
using Microsoft.Playwright;

namespace MailPlugin.Host.Tests.Page;

/// <summary>Sign-in by token, as a person does it on the page: with a token server and a relay that takes its tokens alone.</summary>
public sealed class OAuthPageTests(Browser browser, SharedHost shared) : SharedPageTest(browser, shared)
{
    [ServerFact(Server.Chromium)]
    public async Task A_person_signs_in_by_redirect_and_a_mail_leaves_by_token()
    {
        await using var provider = new TokenServer { AsksPerson = true, RefreshLifetime = TimeSpan.FromDays(3) };
        await using var relay = new TokenRelay(provider.Gave, "XOAUTH2");
        await using var page = await SignInAsync("transports");
        await page.Act("add-transport").ClickAsync();
        await FillAsync(page, provider, relay, "authorizationCode");
        await page.Field("smtp.oauth.clientId").FillAsync("");
        await Expect(page.Page.Locator("[data-place=redirect] code")).ToHaveTextAsync(new Uri(Host.Process.Address, "api/mail/oauth/callback").AbsoluteUri);
        await Expect(page.Page.Locator("[data-aside=tokens] ol.steps > li")).ToHaveCountAsync(4);
        await page.PictureAsync("oauth-new-1280");

        await page.Act("save").ClickAsync();
        await Expect(page.Field("smtp.oauth.clientId")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(page.Field("smtp.oauth.clientId")).ToBeFocusedAsync();
        await page.Field("smtp.oauth.clientId").FillAsync(provider.ClientId);
        await page.Act("save").ClickAsync();
        await Expect(page.Page.Locator("[data-place=account]")).ToContainTextAsync("Nobody has signed in for mailer@example.com");
        await page.Act("oauth-sign-in").ClickAsync();
        await page.Page.Locator("#allow").ClickAsync();

        await Expect(page.Page.Locator("[data-signed-in=true]")).ToContainTextAsync("Signed in as mailer@example.com");
        await Expect(page.Page.Locator("#notices [data-notice=good]").Last).ToContainTextAsync("Signed in as mailer@example.com");
        Assert.EndsWith("/mail/#/transports/primary", page.Page.Url, StringComparison.Ordinal);
        await Expect(page.Page.Locator("[data-fact=scopes]")).ToHaveTextAsync("mail.send");
        await Expect(page.Page.Locator("[data-hint=oauth-ends] time")).ToHaveCountAsync(1);
        await page.Page.Locator("[data-place=account]").ScrollIntoViewIfNeededAsync();
        await page.PictureAsync("oauth-signed-in-1280");
        Assert.Empty(await page.ViolationsAsync());

        await page.Act("test").ClickAsync();
        await page.Page.Locator("[data-dialog] [name=to]").FillAsync("you@example.com");
        await page.Act("send-test").ClickAsync();
        await Expect(page.Page.Locator("#notices [data-notice=good]").Last).ToContainTextAsync("250 2.0.0 taken");
        Assert.Equal(("XOAUTH2", "mailer@example.com", provider.LastAccessToken), Assert.Single(relay.Logins));
        Assert.DoesNotContain("canary", await page.Page.ContentAsync(), StringComparison.Ordinal);

        await page.GoAsync("overview");
        await Expect(page.Page.GetByText("the sign-in of mailer@example.com ends on")).ToBeVisibleAsync();
        await page.GoAsync("transports/primary");
        await page.Act("oauth-sign-out").ClickAsync();
        await Expect(page.Dialog("ask")).ToContainTextAsync("Sign mailer@example.com out?");
        await page.Act("confirm").ClickAsync();
        await Expect(page.Page.Locator("[data-signed-in=false]")).ToContainTextAsync("Nobody has signed in");
        Assert.StartsWith("refresh-token-canary-", provider.Requests.Single(request => request.Path == "/revoke").Form["token"], StringComparison.Ordinal);
        Assert.Empty(page.Complaints);
    }

    [ServerFact(Server.Chromium)]
    public async Task A_consent_that_is_denied_comes_back_with_the_providers_words()
    {
        await using var provider = new TokenServer { AsksPerson = true };
        await using var relay = new TokenRelay(provider.Gave);
        await SaveAsync(provider, relay, "authorizationCode");
        await using var page = await SignInAsync("transports/primary");

        await page.Act("oauth-sign-in").ClickAsync();
        await page.Page.Locator("#deny").ClickAsync();

        await Expect(page.Page.Locator("#notices [data-notice=warn]")).ToContainTextAsync("access_denied: The person said no");
        await Expect(page.Page.Locator("[data-hint=oauth-error]")).ToContainTextAsync("access_denied");
        await Expect(page.Page.Locator("[data-signed-in=false]")).ToBeVisibleAsync();
        await page.Page.Locator("[data-place=account]").ScrollIntoViewIfNeededAsync();
        await page.PictureAsync("oauth-denied-1280");
        Assert.Empty(await page.ViolationsAsync());
        Assert.Empty(page.Complaints);
    }

    [ServerFact(Server.Chromium)]
    public async Task A_person_types_the_code_elsewhere_and_the_page_sees_it_end()
    {
        await using var provider = new TokenServer { AsksPerson = true };
        await using var relay = new TokenRelay(provider.Gave);
        await SaveAsync(provider, relay, "deviceCode");
        await using var page = await SignInAsync("transports/primary", width: 360);

        await page.Act("oauth-sign-in").ClickAsync();
        var dialog = page.Dialog("device");
        await Expect(dialog.Locator("[data-place=code]")).ToHaveTextAsync("WDJB-MJHT");
        await Expect(dialog.Locator("[data-place=left]")).ToContainTextAsync("9:");
        await page.PictureAsync("oauth-device-360");
        Assert.Empty(await page.ViolationsAsync());

        // Closed and opened again it is the same code.
        await page.Act("close").ClickAsync();
        await Expect(page.Act("oauth-sign-in")).ToContainTextAsync("Show the code again");
        await page.Act("oauth-sign-in").ClickAsync();
        await Expect(dialog.Locator("[data-place=code]")).ToHaveTextAsync("WDJB-MJHT");
        var elsewhere = await page.Page.Context.RunAndWaitForPageAsync(() => dialog.Locator("[data-act=device-link]").ClickAsync());
        await elsewhere.Locator("#allow").ClickAsync();
        await Expect(elsewhere.Locator("h1")).ToContainTextAsync("You can close");
        await page.Page.BringToFrontAsync();

        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(page.Page.Locator("[data-signed-in=true]")).ToBeVisibleAsync();
        Assert.Single(provider.Requests, request => request.Path == "/device");
        Assert.Empty(page.Complaints);
    }

    [ServerFact(Server.Chromium)]
    public async Task A_code_that_is_refused_elsewhere_can_be_asked_for_anew()
    {
        await using var provider = new TokenServer { PendingPolls = 0, DeviceEnds = "access_denied" };
        await using var relay = new TokenRelay(provider.Gave);
        await SaveAsync(provider, relay, "deviceCode");
        await using var page = await SignInAsync("transports/primary");

        await page.Act("oauth-sign-in").ClickAsync();
        await Expect(page.Dialog("device")).ToContainTextAsync("access_denied");
        await Expect(page.Act("device-again")).ToBeFocusedAsync();
        await page.Act("device-again").ClickAsync();
        await Expect(page.Dialog("device").Locator("[data-place=code]")).ToHaveTextAsync("WDJB-MJHT");
        Assert.Empty(page.Complaints);
    }

    [ServerFact(Server.Chromium)]
    public async Task A_look_that_gets_no_answer_does_not_end_the_wait_for_the_person()
    {
        await using var provider = new TokenServer { AsksPerson = true };
        await using var relay = new TokenRelay(provider.Gave);
        await SaveAsync(provider, relay, "deviceCode");
        await using var page = await SignInAsync("transports/primary");
        await page.Act("oauth-sign-in").ClickAsync();
        var dialog = page.Dialog("device");
        await Expect(dialog.Locator("[data-place=code]")).ToHaveTextAsync("WDJB-MJHT");

        // No connection, a proxy whose host is away, too many requests: none of them says that the sign-in is over.
        var refused = 0;
        await page.Page.RouteAsync("**/api/mail/oauth/primary", route => Interlocked.Increment(ref refused) switch
        {
            1 => route.AbortAsync(),
            2 => route.FulfillAsync(new() { Status = 502, ContentType = "text/html", Body = "<h1>Bad gateway</h1>" }),
            3 => route.FulfillAsync(new() { Status = 429, ContentType = "application/problem+json", Body = "{}" }),
            _ => route.ContinueAsync(),
        });
        await page.Page.WaitForRequestFinishedAsync(new() { Predicate = request => request.Url.EndsWith("/oauth/primary", StringComparison.Ordinal) && refused > 3, Timeout = 60_000 });
        await Expect(dialog.Locator("[data-place=code]")).ToBeVisibleAsync();
        var elsewhere = await page.Page.Context.RunAndWaitForPageAsync(() => dialog.Locator("[data-act=device-link]").ClickAsync());
        await elsewhere.Locator("#allow").ClickAsync();
        await page.Page.BringToFrontAsync();

        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(page.Page.Locator("[data-signed-in=true]")).ToBeVisibleAsync();
    }

    [ServerFact(Server.Chromium)]
    public async Task Where_nobody_said_what_the_host_is_called_the_page_says_what_to_set()
    {
        await using var provider = new TokenServer { AsksPerson = true };
        await using var relay = new TokenRelay(provider.Gave);
        await SaveAsync(provider, relay, "authorizationCode");
        await using var page = await OpenAsync();
        await page.Page.RouteAsync("**/api/mail/**", route => route.ContinueAsync(new() { Headers = route.Request.Headers.Append(new("X-Forwarded-Host", "mail.example.com")) }));
        await page.SignInAsync("transports/primary");
        await Expect(page.Page.Locator("[data-place=redirect] code")).ToHaveTextAsync(new Uri(Host.Process.Address, "api/mail/oauth/callback").AbsoluteUri);

        var unknown = new { redirectUri = (string?)null, items = (await Host.GetAsync("oauth")).Json["items"] };
        await page.Page.RouteAsync("**/api/mail/oauth", route => route.FulfillAsync(new() { Json = unknown }));
        await page.Page.ReloadAsync();
        await Expect(page.Page.Locator("[data-place=redirect]")).ToContainTextAsync("MailPlugin:PublicUrl");
        await page.Page.Locator("[data-place=account]").ScrollIntoViewIfNeededAsync();
        await page.PictureAsync("oauth-no-redirect-1280");
        Assert.Empty(await page.ViolationsAsync());
        Assert.Empty(page.Complaints);
    }

    [ServerFact(Server.Chromium)]
    public async Task A_preset_fills_addresses_and_scopes_and_the_tenant_goes_into_them_in_both_languages()
    {
        await Host.SaveAsync(Drafts.With());
        await using var page = await SignInAsync("transports", width: 360, locale: "zh-CN");
        await page.Act("add-transport").ClickAsync();
        await page.Field("preset").SelectOptionAsync("microsoft365");
        await Expect(page.Field("smtp.auth")).ToHaveValueAsync("oauth");
        await Expect(page.Field("smtp.password")).ToBeHiddenAsync();
        await page.Field("smtp.oauth.tenant").FillAsync("contoso.example");
        await page.Field("smtp.oauth.clientId").FillAsync("7f1c");
        await page.Field("smtp.oauth.account").FillAsync("noreply@contoso.example");
        await page.Page.Locator("[data-group=tokens]").ScrollIntoViewIfNeededAsync();
        await page.PictureAsync("oauth-microsoft-360-zh-CN");
        Assert.Empty(await page.ViolationsAsync());
        Assert.True(await page.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "The page scrolls sideways.");
        await Expect(page.Page.Locator("[data-aside=tokens]")).ToContainTextAsync("SMTP.Send");
        await page.Act("save").ClickAsync();
        await Expect(page.Page.Locator(".save-bar")).ToBeHiddenAsync();
        var saved = (await Host.GetAsync("settings")).Json["transports"]![0]!["smtp"]!["oauth"]!;
        Assert.Equal(
            ("microsoft", "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token", "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/authorize", "https://outlook.office.com/SMTP.Send offline_access"),
            ($"{saved["provider"]}", $"{saved["tokenUrl"]}", $"{saved["authorizeUrl"]}", string.Join(' ', saved["scopes"]!.AsArray())));
        await Expect(page.Field("smtp.oauth.tenant")).ToHaveValueAsync("contoso.example");

        await page.Page.Locator("[data-language=en]").ClickAsync();
        await page.Field("smtp.oauth.flow").SelectOptionAsync("clientCredentials");
        await Expect(page.Field("smtp.oauth.scopes")).ToHaveValueAsync("https://outlook.office365.com/.default");
        await Expect(page.Page.Locator("[data-aside=tokens]")).ToContainTextAsync("New-ServicePrincipal");
        await page.Field("smtp.oauth.provider").SelectOptionAsync("gmail");
        await Expect(page.Field("smtp.oauth.tenant")).ToBeHiddenAsync();
        await Expect(page.Field("smtp.oauth.flow").Locator("option[value=deviceCode]")).ToHaveCountAsync(0);
        await page.Field("smtp.auth").SelectOptionAsync("auto");
        await Expect(page.Page.Locator("[data-group=tokens]")).ToBeHiddenAsync();
        await Expect(page.Field("smtp.password")).ToBeVisibleAsync();
        Assert.Empty(page.Complaints);
    }

    [ServerFact(Server.Chromium)]
    public async Task A_stored_client_secret_is_changed_by_a_gesture_and_asked_for_where_the_client_is_another()
    {
        await using var provider = new TokenServer();
        await using var relay = new TokenRelay(provider.Gave);
        await SaveAsync(provider, relay, "clientCredentials");
        await using var page = await SignInAsync("transports/primary");
        var secret = page.Page.Locator("[data-field='smtp.oauth.clientSecret']");
        await Expect(secret.Locator(".stored")).ToHaveTextAsync("A client secret is stored");
        await Expect(page.Field("smtp.oauth.clientSecret")).ToBeHiddenAsync();

        await page.Field("smtp.oauth.clientId").FillAsync("client-8");
        await Expect(page.Field("smtp.oauth.clientSecret")).ToBeVisibleAsync();
        await page.Act("save").ClickAsync();
        await Expect(page.Field("smtp.oauth.clientSecret")).ToHaveAttributeAsync("aria-invalid", "true");
        await page.PictureAsync("oauth-secret-needed-1280");
        Assert.DoesNotContain("canary", await page.Page.ContentAsync(), StringComparison.Ordinal);
        Assert.Empty(page.Complaints);
    }

    /// <summary>Types a transport that signs in at a provider of one's own.</summary>
    static async Task FillAsync(AdminPage page, TokenServer provider, TokenRelay relay, string flow)
    {
        await page.Field("smtp.host").FillAsync("localhost");
        await page.Field("smtp.security").SelectOptionAsync("implicitTls");
        await page.Field("smtp.port").FillAsync($"{relay.Port}");
        await page.Field("smtp.auth").SelectOptionAsync("oauth");
        await page.Field("smtp.oauth.provider").SelectOptionAsync("other");
        await page.Field("smtp.oauth.flow").SelectOptionAsync(flow);
        await page.Field("smtp.oauth.tokenUrl").FillAsync(provider.TokenUrl.AbsoluteUri);
        await page.Field("smtp.oauth.authorizeUrl").FillAsync(provider.AuthorizeUrl.AbsoluteUri);
        await page.Field("smtp.oauth.revokeUrl").FillAsync(provider.RevokeUrl.AbsoluteUri);
        await page.Field("smtp.oauth.clientId").FillAsync(provider.ClientId);
        await page.Field("smtp.oauth.clientSecret").FillAsync(provider.ClientSecret!);
        await page.Field("smtp.oauth.scopes").FillAsync("mail.send\noffline_access");
        await page.Field("smtp.oauth.account").FillAsync("mailer@example.com");
        await page.Field("smtp.oauth.caPem").FillAsync(TestCertificates.Shared.AuthorityPem);
        await page.Page.Locator("[data-group=certificate] summary").ClickAsync();
        await page.Field("smtp.certificate.trust").SelectOptionAsync("customCa");
        await page.Field("smtp.certificate.caPem").FillAsync(TestCertificates.Shared.AuthorityPem);
    }

    async Task SaveAsync(TokenServer provider, TokenRelay relay, string flow)
    {
        var saved = await Host.SaveAsync(Drafts.With(Drafts.Tokens(provider, relay.Port, flow)));
        Assert.True(saved.Status == 200, saved.Text);
    }
}
