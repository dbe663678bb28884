using System.Security.Claims;
using System.Text.Json;
using MailPlugin.Abstractions;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Options;
using MailPlugin.Security;
using MailPlugin.Settings;
using MailPlugin.Smtp.Mime;

namespace MailPlugin.Diagnostics.TestMail;

/// <summary>A test as it will be sent: one transport, one recipient, one author.</summary>
internal sealed record TestRequest(MailSettings Settings, TransportSettings Transport, string To, MailAddress From)
{
    const int MaxAddress = 512;

    /// <summary>Binds and validates: the request, or the problem that answers it.</summary>
    public static (TestRequest? Request, ProblemResult? Problem) Read(JsonElement root, VersionedSettings current, ClaimsPrincipal caller, OutboundOptions outbound)
    {
        var faults = new Faults();
        var reader = new JsonObjectReader(root, "", faults);
        var to = reader.Text("to", MaxAddress);
        MailboxAddress? recipient = null;
        if (!string.IsNullOrEmpty(to) && !MailboxAddress.TryParse(to, out recipient, out var wrong))
        {
            reader.Fault("to", wrong);
        }

        var transportId = reader.Line("transport", 64);
        var hasDraft = reader.TryGetValue("settings", out var draft);
        reader.Complete();
        if (hasDraft && !caller.Has(Scopes.Admin))
        {
            return (null, faults.Any
                ? Problem.Invalid("invalid-request", faults)
                : Problem.Of("forbidden", new("Only an admin key may test settings that are not saved.", "只有管理员密钥可以测试未保存的设置。")));
        }

        var settings = current.Settings;
        if (hasDraft)
        {
            var (read, problem) = SettingsDraft.Read(draft, current, "settings.", faults);
            if (read is null)
            {
                return (null, problem);
            }

            settings = read;
        }
        else if (faults.Any)
        {
            return (null, Problem.Invalid("invalid-request", faults));
        }

        return Complete(settings, transportId, recipient?.Address ?? settings.AdminAddress, current.Settings, caller, outbound);
    }

    static (TestRequest?, ProblemResult?) Complete(
        MailSettings settings, string? transportId, string? to, MailSettings saved, ClaimsPrincipal caller, OutboundOptions outbound)
    {
        var faults = new Faults();
        var transport = transportId is null ? settings.Transports.FirstOrDefault(candidate => candidate.Enabled) : settings.Transport(transportId);
        if (transport is null)
        {
            if (transportId is null)
            {
                return (null, Problem.Of("no-transport"));
            }

            faults.Add("transport", "must be the id of a transport");
            return (null, Problem.Invalid("invalid-request", faults));
        }

        if (to is null)
        {
            return (null, Problem.Of("no-recipient"));
        }

        if (!MaySendTo(to, saved, caller, outbound))
        {
            return (null, Problem.Of("destination-not-allowed", new(
                "This key may send tests only to the administrator's address and to Outbound:TestRecipients.", "此密钥只能向管理员地址和 Outbound:TestRecipients 中的地址发送测试。")));
        }

        if ((transport.From ?? settings.From ?? FromLogin(transport)) is not { } from)
        {
            faults.Add("from", "must be set: the test mail needs an author");
            return (null, Problem.Invalid("invalid-settings", faults));
        }

        return (new(settings, transport, to, from), null);
    }

    static bool MaySendTo(string to, MailSettings saved, ClaimsPrincipal caller, OutboundOptions outbound) =>
        caller.Has(Scopes.Admin)
        || string.Equals(to, saved.AdminAddress, StringComparison.OrdinalIgnoreCase)
        || outbound.TestRecipients.Contains(to, StringComparer.OrdinalIgnoreCase);

    /// <summary>Most providers want From to be the login anyway.</summary>
    static MailAddress? FromLogin(TransportSettings transport) =>
        MailboxAddress.TryParse(transport.Smtp?.Username, out var login, out _) ? new(login.Address) : null;
}
