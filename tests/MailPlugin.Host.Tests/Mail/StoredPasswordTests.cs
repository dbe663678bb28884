using System.Text.Json.Nodes;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Mail;

/// <summary>A stored password goes to the relay it was saved for and to no other: a server that writes down what it is sent proves it.</summary>
public sealed class StoredPasswordTests(SharedHost shared) : IClassFixture<SharedHost>, IAsyncLifetime
{
    const string Password = "st0red-p4ssword-91c2";

    static readonly JsonObject Trust = new() { ["trust"] = "customCa", ["caPem"] = TestCertificates.Shared.AuthorityPem };

    RecordingSmtpServer mine = null!;
    RecordingSmtpServer theirs = null!;
    RecordingSmtpServer theirsOverTls = null!;
    MailHost host = null!;
    string version = "";

    public static TheoryData<string> Changes => new(Edits.Keys);

    static Dictionary<string, Action<JsonObject, StoredPasswordTests>> Edits { get; } = new()
    {
        ["another port"] = (smtp, test) => smtp["port"] = test.theirs.Port,
        ["another host"] = (smtp, test) => (smtp["host"], smtp["port"]) = ("127.0.0.1", test.theirs.Port),
        ["another spelling of the host"] = (smtp, _) => smtp["host"] = "127.0.0.1",
        ["another user"] = (smtp, _) => smtp["username"] = "somebody",
        ["no user"] = (smtp, _) => (smtp["username"], smtp["auth"]) = (null, "auto"),
        ["another trust"] = (smtp, _) => smtp["certificate"] = new JsonObject { ["trust"] = "pinned", ["sha256"] = TestCertificates.Shared.Server.Sha256 },
        ["the system's trust"] = (smtp, _) => smtp["certificate"] = null,
        ["another authority"] = (smtp, _) => smtp["certificate"] = new JsonObject { ["trust"] = "customCa", ["caPem"] = TestCertificates.Shared.UnknownAuthority.ChainPem },
        ["no TLS"] = (smtp, _) => (smtp["security"], smtp["allowPlaintextAuth"]) = ("none", true),
        ["TLS only if offered"] = (smtp, _) => smtp["security"] = "startTlsIfOffered",
        ["plain text allowed"] = (smtp, _) => smtp["allowPlaintextAuth"] = true,
        ["a proxy"] = (smtp, test) => smtp["proxy"] = new JsonObject { ["type"] = "http", ["host"] = "127.0.0.1", ["port"] = test.theirs.Port },
        ["a SOCKS proxy"] = (smtp, test) => smtp["proxy"] = new JsonObject { ["type"] = "socks5", ["host"] = "127.0.0.1", ["port"] = test.theirs.Port },
        ["everything at once"] = (smtp, test) => (smtp["port"], smtp["security"], smtp["certificate"]) =
            (test.theirsOverTls.Port, "implicitTls", new JsonObject { ["trust"] = "pinned", ["sha256"] = TestCertificates.Shared.Server.Sha256 }),
    };

    public async Task InitializeAsync()
    {
        (mine, theirs, theirsOverTls) = (new(), new(), new(implicitTls: true));
        host = await shared.EmptyAsync();
        var saved = await host.SaveAsync(Drafts.With(Relay(Password)));
        Assert.True(saved.Status == 200, saved.Text);
        version = saved["version"]!;
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_draft_that_points_elsewhere_gets_no_password(string change)
    {
        var draft = Relay(null);
        Edits[change](draft["smtp"]!.AsObject(), this);

        var tested = await host.PostAsync("test", new JsonObject { ["settings"] = Drafts.With(draft) });
        var saved = await host.SaveAsync(Drafts.With((JsonObject)draft.DeepClone()));

        Assert.Equal((422, "password-needed"), (tested.Status, tested.Slug));
        Assert.Contains("settings.transports[id=primary].smtp.password", tested.Json["errors"]!.AsObject().Select(pair => pair.Key));
        Assert.Equal((422, "password-needed"), (saved.Status, saved.Slug));
        Assert.Contains("transports[id=primary].smtp.password", saved.Json["errors"]!.AsObject().Select(pair => pair.Key));
        Assert.All([mine, theirs, theirsOverTls], server => Assert.False(server.WasSent(Password)));
        Assert.Equal(version, (await host.GetAsync("settings"))["version"]);
    }

    [Fact]
    public async Task The_relay_it_was_saved_for_gets_it_without_typing_it_again()
    {
        var draft = Relay(null);
        draft["name"] = "Another name";
        draft["smtp"]!["maxSessions"] = 2;

        var tested = await host.PostAsync("test", new JsonObject { ["settings"] = Drafts.With(draft) });

        Assert.True(tested.Status == 200, tested.Text);
        Assert.True(mine.WasSent(Password));
        Assert.False(theirs.WasSent(Password));
    }

    [Fact]
    public async Task A_transport_that_was_deleted_takes_its_password_with_it()
    {
        await host.SaveAsync(Drafts.With());
        await host.SaveAsync(Drafts.With(Relay(null)));

        Assert.False((await host.GetAsync("settings")).Json["transports"]![0]!["smtp"]!["hasPassword"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_draft_that_brings_its_own_password_may_point_anywhere()
    {
        var draft = Relay("another-password");
        draft["smtp"]!["port"] = theirs.Port;

        var tested = await host.PostAsync("test", new JsonObject { ["settings"] = Drafts.With(draft) });

        Assert.True(tested.Status == 200, tested.Text);
        Assert.True(theirs.WasSent("another-password"));
        Assert.False(theirs.WasSent(Password));
    }

    public async Task DisposeAsync()
    {
        await mine.DisposeAsync();
        await theirs.DisposeAsync();
        await theirsOverTls.DisposeAsync();
    }

    JsonObject Relay(string? password) => Drafts.Smtp(mine.Port, smtp =>
    {
        smtp["security"] = "startTls";
        smtp["auth"] = "plain";
        smtp["username"] = "user";
        smtp["certificate"] = Trust.DeepClone();
        if (password is not null)
        {
            smtp["password"] = password;
        }
    });
}
