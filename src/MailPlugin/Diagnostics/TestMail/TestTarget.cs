using System.Security.Claims;
using System.Text.Json;
using MailPlugin.Abstractions;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Options;
using MailPlugin.Security;
using MailPlugin.Settings;
using MailPlugin.Settings.FromHost;
using MailPlugin.Smtp.Mime;

namespace MailPlugin.Diagnostics.TestMail;

/// <summary>Which transport is to be tried, saved or typed, and for whom.</summary>
/// <param name="Settings">The settings around it.</param>
/// <param name="Transport">The transport.</param>
/// <param name="IsDraft">They are not saved.</param>
/// <param name="To">The recipient; null where neither the request nor the settings name one.</param>
/// <param name="From">The author; null where nobody is named.</param>
internal sealed record TestTarget(MailSettings Settings, TransportSettings Transport, bool IsDraft, string? To, MailAddress? From)
{
    const int MaxAddress = 512;

    /// <summary>What the host's configuration decides: no fix can change it.</summary>
    public HostLayer Host { get; init; } = HostLayer.Empty;

    /// <summary>The envelope's sender, as a message would have it.</summary>
    public string? Sender => Transport.EnvelopeFrom ?? Settings.EnvelopeFrom ?? From?.Address;

    /// <summary>Whether a login is tried.</summary>
    public bool SignsIn => Transport.Smtp is { OAuth: not null } or { Username: not null, Auth: not SmtpAuthChoice.None };

    /// <summary>Binds and validates: the target, or the problem that answers.</summary>
    public static (TestTarget? Target, ProblemResult? Problem) Read(JsonElement root, VersionedSettings current, ClaimsPrincipal caller, OutboundOptions outbound)
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
        if (hasDraft && !faults.Any && !caller.Has(Scopes.Admin))
        {
            return (null, Problem.Of("forbidden", new("Only an admin key may test settings that are not saved.", "只有管理员密钥可以测试未保存的设置。")));
        }

        if (!hasDraft || !caller.Has(Scopes.Admin))
        {
            return faults.Any
                ? (null, Problem.Invalid("invalid-request", faults))
                : Choose(current.Settings, isDraft: false, transportId, recipient?.Address ?? current.Settings.AdminAddress, current, caller, outbound);
        }

        // What is wrong with the draft and with what stands around it is told at once.
        var (settings, problem) = SettingsDraft.Read(draft, current, "settings.", faults);
        return settings is null ? (null, problem) : Choose(settings, isDraft: true, transportId, recipient?.Address ?? settings.AdminAddress, current, caller, outbound);
    }

    static (TestTarget?, ProblemResult?) Choose(
        MailSettings settings, bool isDraft, string? transportId, string? to, VersionedSettings saved, ClaimsPrincipal caller, OutboundOptions outbound)
    {
        var transport = transportId is null ? settings.Transports.FirstOrDefault(candidate => candidate.Enabled) : settings.Transport(transportId);
        if (transport is null)
        {
            if (transportId is null)
            {
                return (null, Problem.Of("no-transport"));
            }

            var faults = new Faults();
            faults.Add("transport", "must be the id of a transport");
            return (null, Problem.Invalid("invalid-request", faults));
        }

        if (to is not null && !MaySendTo(to, saved.Settings, caller, outbound))
        {
            return (null, Problem.Of("destination-not-allowed", new(
                "This key may send tests only to the administrator's address and to Outbound:TestRecipients.", "此密钥只能向管理员地址和 Outbound:TestRecipients 中的地址发送测试。")));
        }

        return (new(settings, transport, isDraft, to, transport.From ?? settings.From ?? FromLogin(transport)) { Host = saved.Host }, null);
    }

    static bool MaySendTo(string to, MailSettings saved, ClaimsPrincipal caller, OutboundOptions outbound) =>
        caller.Has(Scopes.Admin)
        || string.Equals(to, saved.AdminAddress, StringComparison.OrdinalIgnoreCase)
        || outbound.TestRecipients.Contains(to, StringComparer.OrdinalIgnoreCase);

    /// <summary>Most providers want From to be the login anyway.</summary>
    static MailAddress? FromLogin(TransportSettings transport) =>
        MailboxAddress.TryParse(transport.Smtp?.Login, out var login, out _) ? new(login.Address) : null;
}
