using System.Runtime.Loader;
using System.Text;
using MailPlugin.Host.Loading;
using MailPlugin.Host.Tests.Support;
using MailPlugin.TestBed;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace MailPlugin.Host.Tests.Guest;

/// <summary>A plugin is a guest: the host answers with it, byte for byte, as it answers without it.</summary>
public abstract class GuestTests : IDisposable
{
    readonly TempFolder _home = new();
    readonly PluginsFolder _none = new();
    readonly PluginsFolder _some = new();
    readonly string _plugin;

    protected GuestTests(string plugin)
    {
        _plugin = plugin;
        File.SetLastWriteTimeUtc(_home.Write("wwwroot/their.css", "body { color: black }"), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        GuestPlugins.Add(_some, plugin);
    }

    public static TheoryData<bool> BeforeAndAfterTheHostsOwnServices => new(true, false);

    protected async Task The_host_answers_the_same(bool pluginsFirst)
    {
        // Asked before the plugin is in the process at all: it could change what every host of a process shares.
        await using var without = await WithoutAsync();
        var expected = await Conversation.HoldAsync(without.Address);
        await using var with = await WithAsync(pluginsFirst);

        var page = with.Plugins.Loaded.Single().Manifest.Pages[0].Path;

        // It is really there, and in front of the host's fallback policy.
        Assert.StartsWith("HTTP/1.1 200 ", await RawHttp.SendAsync(with.Address, RawHttp.Request($"GET {page}")), StringComparison.Ordinal);
        Same(expected, await Conversation.HoldAsync(with.Address));
        Assert.Equal(Told(without), Told(with));
    }

    protected async Task Cookies_and_tokens_outlive_the_plugin(bool pluginsFirst)
    {
        await using var without = await WithoutAsync();
        await using var with = await WithAsync(pluginsFirst);
        foreach (var (maker, reader) in new[] { (without, with), (with, without) })
        {
            var answer = await Conversation.UseCredentialsAsync(reader.Address, await Conversation.GetCredentialsAsync(maker.Address));

            Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        }
    }

    protected async Task The_container_gains_what_a_guest_may_add_and_loses_nothing(bool pluginsFirst)
    {
        await using var without = await WithoutAsync();
        await using var with = await WithAsync(pluginsFirst);

        // Types of the plugin's own nobody else can ask for; of those that others know, each at most once.
        var known = Added(without, with).Where(type => AssemblyLoadContext.GetLoadContext(type.Assembly) is not PluginLoadContext).ToList();
        Assert.Equal(known.Distinct(), known);
        Assert.Empty(known.Except(GuestPlugins.AllowedServices(_plugin)));
        Assert.Contains(typeof(IStartupFilter), known);
    }

    public void Dispose()
    {
        _home.Dispose();
        _none.Dispose();
        _some.Dispose();
        GC.SuppressFinalize(this);
    }

    internal static void Same(IReadOnlyDictionary<string, string> expected, IReadOnlyDictionary<string, string> actual)
    {
        Assert.Equal(expected.Keys, actual.Keys);
        var report = new StringBuilder();
        foreach (var (question, answer) in expected.Where(pair => actual[pair.Key] != pair.Value))
        {
            report.Append("--- ").AppendLine(question).AppendLine("without:").AppendLine(answer).AppendLine("with:").AppendLine(actual[question]);
        }

        Assert.True(report.Length == 0, report.ToString());
    }

    /// <summary>The services that only the second host has; fails if it lacks one of the first's.</summary>
    internal static IReadOnlyList<Type> Added(TheirHost without, TheirHost with)
    {
        var added = with.Services.Select(Describe).ToList();
        foreach (var theirs in without.Services.Select(Describe))
        {
            Assert.True(added.Remove(theirs), $"gone or changed: {theirs}");
        }

        return [.. added.Select(service => service.ServiceType)];
    }

    internal Task<TheirHost> WithoutAsync() => TheirHost.StartAsync(_home.Path, _none.Path, pluginsFirst: true);

    internal async Task<TheirHost> WithAsync(bool pluginsFirst, params string[] settings)
    {
        var host = await TheirHost.StartAsync(_home.Path, _some.Path, pluginsFirst, [$"--MailPlugin:Data={_home.Make("data")}", .. settings]);
        Assert.Empty(host.Plugins.Refused);
        Assert.Single(host.Plugins.Loaded);
        return host;
    }

    static IEnumerable<string> Told(TheirHost host) => host.Log.Errors.Select(entry => $"{entry.Level} {entry.Category} {entry.Text}");

    // Instances differ from host to host; factories are the same method on another closure.
    static (Type ServiceType, object? Key, ServiceLifetime Lifetime, string? Implementation) Describe(ServiceDescriptor service) => (
        service.ServiceType,
        service.ServiceKey,
        service.Lifetime,
        (service.IsKeyedService
            ? service.KeyedImplementationType ?? service.KeyedImplementationInstance?.GetType() ?? service.KeyedImplementationFactory?.Method.DeclaringType
            : service.ImplementationType ?? service.ImplementationInstance?.GetType() ?? service.ImplementationFactory?.Method.DeclaringType)?.AssemblyQualifiedName);
}

/// <summary>The small plugin of these tests.</summary>
public sealed class GreetingIsAGuest() : GuestTests("GreetingPlugin")
{
    [Theory]
    [MemberData(nameof(BeforeAndAfterTheHostsOwnServices))]
    public Task With_it_the_host_answers_the_same(bool pluginsFirst) => The_host_answers_the_same(pluginsFirst);

    [Theory]
    [MemberData(nameof(BeforeAndAfterTheHostsOwnServices))]
    public Task With_it_cookies_and_tokens_stay_good(bool pluginsFirst) => Cookies_and_tokens_outlive_the_plugin(pluginsFirst);

    [Theory]
    [MemberData(nameof(BeforeAndAfterTheHostsOwnServices))]
    public Task It_registers_what_a_guest_may(bool pluginsFirst) => The_container_gains_what_a_guest_may_add_and_loses_nothing(pluginsFirst);
}

/// <summary>The plugin this repository is about, as the build leaves it in <c>plugins/MailPlugin</c>.</summary>
public sealed class MailPluginIsAGuest() : GuestTests("MailPlugin")
{
    [Theory]
    [MemberData(nameof(BeforeAndAfterTheHostsOwnServices))]
    public Task With_it_the_host_answers_the_same(bool pluginsFirst) => The_host_answers_the_same(pluginsFirst);

    [Theory]
    [MemberData(nameof(BeforeAndAfterTheHostsOwnServices))]
    public Task With_it_cookies_and_tokens_stay_good(bool pluginsFirst) => Cookies_and_tokens_outlive_the_plugin(pluginsFirst);

    [Theory]
    [MemberData(nameof(BeforeAndAfterTheHostsOwnServices))]
    public Task It_registers_what_a_guest_may(bool pluginsFirst) => The_container_gains_what_a_guest_may_add_and_loses_nothing(pluginsFirst);
}

/// <summary>A comparison is worth what is compared.</summary>
public sealed class TheConversation() : GuestTests("GreetingPlugin")
{
    [Fact]
    public async Task Reaches_every_kind_of_answer()
    {
        await using var without = await WithoutAsync();
        var answers = await Conversation.HoldAsync(without.Address);

        Assert.Equal(["200", "204", "206", "302", "304", "400", "401", "404", "405", "418", "500"], answers.Values.Select(answer => answer.Split(' ')[1]).Distinct().Order());
        Assert.Contains("Hello Ada", answers["POST /form | with token"], StringComparison.Ordinal);
        Assert.Contains("for Wei", answers["GET /base/private | signed in"], StringComparison.Ordinal);
    }
}

/// <summary>A plugin that is no guest, so that the tests above are known to notice.</summary>
public sealed class RudenessIsNoticed() : GuestTests("RudePlugin")
{
    [Theory]
    [InlineData("json")]
    [InlineData("authentication")]
    [InlineData("antiforgery")]
    [InlineData("authorization")]
    [InlineData("problem details")]
    [InlineData("header")]
    public async Task By_an_answer(string rudeness)
    {
        await using var without = await WithoutAsync();
        var expected = await Conversation.HoldAsync(without.Address);
        await using var with = await WithAsync(pluginsFirst: false, $"--Rude={rudeness}");
        var actual = await Conversation.HoldAsync(with.Address);

        Assert.Throws<Xunit.Sdk.TrueException>(() => Same(expected, actual));
    }

    [Fact]
    public async Task By_a_cookie_that_is_no_longer_good()
    {
        await using var without = await WithoutAsync();
        await using var with = await WithAsync(pluginsFirst: false, "--Rude=data protection");

        var answer = await Conversation.UseCredentialsAsync(with.Address, await Conversation.GetCredentialsAsync(without.Address));

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_a_registration_that_is_gone_and_one_that_came()
    {
        await using var without = await WithoutAsync();
        await using var with = await WithAsync(pluginsFirst: false, "--Rude=registration");

        Assert.Throws<Xunit.Sdk.TrueException>(() => Added(without, with));
    }
}
