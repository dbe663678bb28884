using System.Security.Claims;
using System.Text.Json;
using MailPlugin.Abstractions;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Options;
using MailPlugin.Settings;
using MailPlugin.Settings.FromHost;

namespace MailPlugin.Diagnostics.TestMail;

/// <summary>A test as it will be sent: one transport, one recipient, one author.</summary>
internal sealed record TestRequest(MailSettings Settings, TransportSettings Transport, string To, MailAddress From)
{
    /// <summary>What the host's configuration decides.</summary>
    public HostLayer Host { get; init; } = HostLayer.Empty;

    /// <summary>The transport that sends: another than the one that is tested where that one passes mail on.</summary>
    public required TransportSettings Way { get; init; }

    /// <summary>Where it goes instead.</summary>
    public string? RedirectTo { get; init; }

    /// <summary>Binds and validates: the request, or the problem that answers it.</summary>
    public static (TestRequest? Request, ProblemResult? Problem) Read(JsonElement root, VersionedSettings current, ClaimsPrincipal caller, OutboundOptions outbound)
    {
        var (target, problem) = TestTarget.Read(root, current, caller, outbound);
        if (target is null)
        {
            return (null, problem);
        }

        if (target.To is not { } to)
        {
            return (null, Problem.Of("no-recipient"));
        }

        if (target.From is not { } from)
        {
            var faults = new Faults();
            faults.Add("from", "must be set: the test mail needs an author");
            return (null, Problem.Invalid("invalid-settings", faults));
        }

        var (way, redirectTo) = WayOf(target, to);
        return way is null
            ? (null, Problem.Of("no-transport", new("No transport follows the one that captures: there is nobody to send it on.", "捕获之后没有其他发送方式：邮件无法继续发送。")))
            : (new(target.Settings, target.Transport, to, from) { Host = target.Host, Way = way, RedirectTo = redirectTo }, null);
    }

    /// <summary>Who captures leaves some mail to the next in order.</summary>
    static (TransportSettings? Way, string? RedirectTo) WayOf(TestTarget target, string to)
    {
        var (way, address) = (target.Transport, to);
        while (way is { Capture: { } capture } && (capture.Allows(address) || capture.RedirectTo is not null))
        {
            address = capture.Allows(address) ? address : capture.RedirectTo!;
            way = target.Settings.Transports.SkipWhile(transport => transport.Id != way.Id).Skip(1).FirstOrDefault(transport => transport.Enabled);
        }

        return (way, address == to ? null : address);
    }
}
