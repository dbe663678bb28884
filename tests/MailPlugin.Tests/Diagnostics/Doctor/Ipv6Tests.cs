using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using MailPlugin.Diagnostics.Causes;
using MailPlugin.Diagnostics.Doctor;
using MailPlugin.Diagnostics.Fixes;
using MailPlugin.Diagnostics.TestMail;
using MailPlugin.Diagnostics.Transcripts;
using MailPlugin.Security.Audit;
using MailPlugin.Security.Outbound;
using MailPlugin.Settings.FromHost;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailPlugin.Tests.Diagnostics.Doctor;

/// <summary>A relay with addresses of both families. No resolver is at hand that has them, so the check of addresses is given one.</summary>
public sealed class Ipv6Tests
{
    [Fact]
    [Cures("ipv6-unreachable")]
    public async Task A_relay_that_is_silent_over_IPv6_costs_time_and_has_a_fix()
    {
        await using var host = await PluginHost.StartAsync();
        await using var relay = new HostileRelay();
        using var dead = new HalfOpenPort(IPAddress.IPv6Loopback, relay.Port);

        var verdict = await ExamineAsync(host, Drill.Draft(relay.Port));

        Assert.Equal(("ipv6-unreachable", StepOutcome.Warning), (verdict.Cause, verdict.Outcome));
        var cured = Drill.Applied(Drill.Draft(relay.Port), new() { ["path"] = verdict.Fix!.Path, ["value"] = verdict.Fix.Value.DeepClone() });
        Assert.Equal("none", (await ExamineAsync(host, cured)).Cause);
        Assert.Equal(200, (await host.SaveAsync(cured)).Status);
        Assert.Equal(200, (await host.PostAsync("test", new JsonObject())).Status);
    }

    [Fact]
    public async Task A_relay_that_refuses_over_IPv6_costs_nothing()
    {
        await using var host = await PluginHost.StartAsync();
        await using var relay = new HostileRelay();

        Assert.Equal("none", (await ExamineAsync(host, Drill.Draft(relay.Port))).Cause);
    }

    static async Task<Verdict> ExamineAsync(PluginHost host, JsonObject draft)
    {
        var services = host.Services;
        var settings = Bodies.Stored(draft);
        var addresses = new AddressCheck(TimeProvider.System)
        {
            Resolver = (_, family, _) => Task.FromResult<IPAddress[]>([family == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback]),
        };
        var examination = new SmtpExamination(
            services.GetRequiredService<OutboundPolicy>(), addresses, services.GetRequiredService<PortsCheck>(), services.GetRequiredService<FixSearch>(), services.GetRequiredService<IAccessTokens>(),
            services.GetRequiredService<IAuditLog>(), services.GetRequiredService<ITranscriptStore>(), TimeProvider.System, NullLogger<SmtpExamination>.Instance);
        var findings = new Findings("d_test", TimeProvider.System.GetUtcNow(), "primary", true, TimeProvider.System);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(45));
        return await examination.RunAsync(
            new TestTarget(settings, settings.Transports[0], IsDraft: true, settings.AdminAddress, settings.From), HostFacts.Sound, "key:test", findings, patience.Token);
    }
}
