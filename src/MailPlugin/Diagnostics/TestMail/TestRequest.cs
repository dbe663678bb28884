using System.Security.Claims;
using System.Text.Json;
using MailPlugin.Abstractions;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Options;
using MailPlugin.Settings;
using MailPlugin.Settings.FromHost;
using MailPlugin.Templates;

namespace MailPlugin.Diagnostics.TestMail;

/// <summary>A test as it will be sent: one transport, one recipient, one author.</summary>
internal sealed record TestRequest(MailSettings Settings, TransportSettings Transport, string To, MailAddress From)
{
    /// <summary>Null: the settings'.</summary>
    public MailAddress? ReplyTo { get; init; }

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
        return target is null ? (null, problem) : Of(target, null);
    }

    /// <summary>A test of a template, with the settings in force.</summary>
    public static (TestRequest? Request, ProblemResult? Problem) Of(TestWish wish, TemplateOptions? template, VersionedSettings current, ClaimsPrincipal caller, OutboundOptions outbound)
    {
        var own = template?.Transport is { } id && current.Settings.Transport(id) is not null ? id : null;
        var (target, problem) = TestTarget.Choose(current.Settings, isDraft: false, wish with { Transport = wish.Transport ?? own }, current, caller, outbound);
        return target is null ? (null, problem) : Of(target, template);
    }

    static (TestRequest?, ProblemResult?) Of(TestTarget target, TemplateOptions? template)
    {
        if (target.To is not { } to)
        {
            return (null, Problem.Of("no-recipient"));
        }

        if ((template?.From ?? target.From) is not { } from)
        {
            var faults = new Faults();
            faults.Add("from", "must be set: the test mail needs an author");
            return (null, Problem.Invalid("invalid-settings", faults));
        }

        var (way, redirectTo) = WayOf(target, to);
        return way is null
            ? (null, Problem.Of("no-transport", new("No transport follows the one that captures: there is nobody to send it on.", "捕获之后没有其他发送通道：邮件无法继续发送。")))
            : (new(target.Settings, target.Transport, to, from) { Host = target.Host, Way = way, RedirectTo = redirectTo, ReplyTo = template?.ReplyTo }, null);
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
