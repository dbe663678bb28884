using System.Security.Claims;
using System.Text.Json.Nodes;
using MailPlugin.Http;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Security;
using MailPlugin.Security.Audit;
using MailPlugin.Smtp.Mime;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Settings.Discovery;

/// <summary><c>POST /settings/discover</c>: which relay an address may belong to, where each suggestion came from, and what was not asked.</summary>
internal static class DiscoverSettings
{
    const int MaxBytes = 4 * 1024;
    const int MaxAddress = 512;

    public static async Task<IResult> HandleAsync(HttpContext context, ClaimsPrincipal caller, MailDiscovery discovery, IAuditLog audit)
    {
        var (body, problem) = await RequestBody.ReadAsync(context, MaxBytes);
        using var _ = body;
        if (body is null)
        {
            return problem!;
        }

        var faults = new Faults();
        var reader = new JsonObjectReader(body.Root, "", faults);
        if (!MailboxAddress.TryParse(reader.Text("address", MaxAddress) ?? "", out var mailbox, out var wrong) && !reader.HasFault("address"))
        {
            reader.Fault("address", wrong);
        }

        if (mailbox?.Domain.StartsWith('[') == true)
        {
            reader.Fault("address", "must have a domain name");
        }

        reader.Complete();
        if (faults.Any)
        {
            return Problem.Invalid("invalid-request", faults);
        }

        var found = await discovery.FindAsync(mailbox!, context.RequestAborted);
        foreach (var (name, address) in found.Refused)
        {
            await audit.WriteAsync(caller.Name(), "discovery refused by the outbound policy", name, $"{address}", context.RequestAborted);
        }

        return Results.Json(Answer(mailbox!, found, RequestLanguage.Of(context)), SettingsDocument.Json);
    }

    static JsonObject Answer(MailboxAddress mailbox, Discovered found, Language language) => new()
    {
        ["address"] = mailbox.Address,
        ["candidates"] = new JsonArray([.. found.Candidates.Select(candidate => candidate.ToJson(language))]),
        ["refused"] = new JsonArray([.. found.Refused.Select(refused => JsonValue.Create(refused.Name))]),

        // The framework's resolver knows addresses alone.
        ["notAsked"] = new JsonArray($"SRV _submissions._tcp.{mailbox.Domain}", $"SRV _submission._tcp.{mailbox.Domain}", $"MX {mailbox.Domain}"),
    };
}
