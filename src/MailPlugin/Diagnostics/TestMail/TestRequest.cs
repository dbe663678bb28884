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

        return (new(target.Settings, target.Transport, to, from) { Host = target.Host }, null);
    }
}
