using System.Security.Claims;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Security;
using MailPlugin.Security.Audit;
using MailPlugin.Settings;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Diagnostics.Debug;

/// <summary><c>PUT /debug</c>.</summary>
internal static class UpdateDebug
{
    const int MaxBytes = 4 * 1024;
    const int MaxMinutes = 24 * 60;

    public static async Task<IResult> HandleAsync(
        HttpContext context, ClaimsPrincipal caller, DebugSwitch debug, ISettingsSource settings, IAuditLog audit, TimeProvider clock)
    {
        var (body, problem) = await RequestBody.ReadAsync(context, MaxBytes);
        using var _ = body;
        if (body is null)
        {
            return problem!;
        }

        var faults = new Faults();
        var reader = new JsonObjectReader(body.Root, "", faults);
        var enabled = reader.Flag("enabled", false);
        if (!HasValue(reader))
        {
            reader.Fault("enabled", "must be true or false");
        }

        var minutes = reader.Number("minutes", DebugState.DefaultMinutes, 1, MaxMinutes);
        var content = reader.Choice("content", TranscriptContent.None);
        var transport = reader.Line("transport", 64);
        if (transport is not null && settings.Current.Settings.Transport(transport) is null)
        {
            reader.Fault("transport", "must be the id of a saved transport, or null for all");
        }

        reader.Ignore("until");
        reader.Complete();
        if (faults.Any)
        {
            return Problem.Invalid("invalid-request", faults);
        }

        await debug.SetAsync(enabled, minutes, content, transport, context.RequestAborted);
        await audit.WriteAsync(caller.Name(), enabled ? "debug switched on" : "debug switched off", transport, $"{minutes} minutes, content {EnumText.Of(content)}", context.RequestAborted);
        return Results.Ok(GetDebug.View.Of(debug.State, clock.GetUtcNow()));
    }

    static bool HasValue(JsonObjectReader reader) => reader.TryGetValue("enabled", out _);
}
