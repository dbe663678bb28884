using System.Net;
using MailPlugin.Options;
using MailPlugin.Security.Outbound;
using MailPlugin.Settings;
using MailPlugin.Settings.Discovery;
using MailPlugin.Smtp.Mime;
using MailPlugin.Tests.Support;

namespace MailPlugin.Tests.Settings.Discovery;

public sealed class MailDiscoveryTests
{
    [Fact]
    public async Task A_known_domain_gets_its_providers_facts_and_no_name_is_asked_for()
    {
        var asked = 0;
        var found = await FindAsync("someone@QQ.com", name =>
        {
            asked++;
            return Task.FromResult<IPAddress[]>([]);
        });

        Assert.Equal([("smtp.qq.com", 465, SmtpSecurityChoice.ImplicitTls), ("smtp.qq.com", 587, SmtpSecurityChoice.StartTls)], found.Candidates.Select(one => (one.Host, one.Port, one.Security)));
        Assert.All(found.Candidates, one => Assert.Equal((CandidateSource.Preset, "qq"), (one.Source, one.Preset)));
        Assert.Equal(0, asked);
    }

    [Fact]
    public async Task Usual_names_that_have_an_address_are_guesses()
    {
        var found = await FindAsync("me@example.org", name => name == "mail.example.org" ? Addresses("192.0.2.1") : throw new System.Net.Sockets.SocketException());

        Assert.Equal([("mail.example.org", 465), ("mail.example.org", 587)], found.Candidates.Select(one => (one.Host, one.Port)));
        Assert.All(found.Candidates, one => Assert.Equal((CandidateSource.Guess, "me@example.org"), (one.Source, one.Username)));
    }

    [Fact]
    public async Task An_internationalised_domain_is_asked_for_in_A_labels()
    {
        var names = new List<string>();
        await FindAsync("me@bücher.example", name =>
        {
            lock (names)
            {
                names.Add(name);
            }

            return Addresses("192.0.2.1");
        });

        Assert.Equal(["mail.xn--bcher-kva.example", "smtp.xn--bcher-kva.example"], names.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("fd00:ec2::254")]
    [InlineData("0.0.0.0")]
    public async Task A_name_that_leads_where_nobody_may_go_is_refused_and_told(string address)
    {
        var found = await FindAsync("me@evil.example", _ => Addresses(address));

        Assert.Empty(found.Candidates);
        Assert.Equal(["smtp.evil.example", "mail.evil.example"], found.Refused.Select(refused => refused.Name));
    }

    [Fact]
    public async Task The_hosts_narrowing_holds_here_too()
    {
        Assert.Empty((await FindAsync("me@example.org", _ => Addresses("10.0.0.1"), new() { AllowPrivate = false })).Candidates);
        Assert.Equal([587, 587], (await FindAsync("me@example.org", _ => Addresses("192.0.2.1"), new() { Ports = [587] })).Candidates.Select(one => one.Port));
    }

    [Fact]
    public async Task A_resolver_that_hangs_is_not_waited_for_and_does_not_take_all_places()
    {
        var clock = new ManualClock();
        var hanging = new TaskCompletionSource<IPAddress[]>();
        using var lookup = new NameLookup(clock) { Resolver = _ => hanging.Task };
        var discovery = new MailDiscovery(lookup, new(new()));

        for (var times = 0; times < 10; times++)
        {
            var search = discovery.FindAsync(MailboxAddress.Parse("me@example.org"), CancellationToken.None);
            await Eventually.SeeAsync(() => clock.Timers >= 2, "both names are waited for");
            clock.Advance(TimeSpan.FromSeconds(3));
            Assert.Empty((await search).Candidates);
        }

        hanging.SetResult([IPAddress.Parse("192.0.2.1")]);
        await Eventually.SeeAsync(() => discovery.FindAsync(MailboxAddress.Parse("me@example.org"), CancellationToken.None), found => found.Candidates.Count == 4, "places that came back");
    }

    static Task<IPAddress[]> Addresses(string address) => Task.FromResult<IPAddress[]>([IPAddress.Parse(address)]);

    static async Task<Discovered> FindAsync(string address, Func<string, Task<IPAddress[]>> resolver, OutboundOptions? options = null)
    {
        using var lookup = new NameLookup(TimeProvider.System) { Resolver = resolver };
        return await new MailDiscovery(lookup, new(options ?? new())).FindAsync(MailboxAddress.Parse(address), CancellationToken.None);
    }
}
