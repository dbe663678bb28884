using System.Security.Claims;
using MailPlugin.Diagnostics.TestMail;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Options;
using MailPlugin.Security;
using MailPlugin.Settings;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Diagnostics.Doctor;

/// <summary><c>POST /diagnose</c>: examines one transport, saved or typed, and tells each step as it is done.</summary>
internal static class Diagnose
{
    /// <summary>One examination makes about as many connections as three tests.</summary>
    const int Tests = 3;

    public static async Task<IResult> HandleAsync(
        HttpContext context, ClaimsPrincipal caller, ISettingsSource settings, MailPluginOptions options, TestGate gate, Doctor doctor)
    {
        var (body, problem) = await RequestBody.ReadAsync(context, UpdateSettings.MaxBytes);
        using var _ = body;
        if (body is null)
        {
            return problem!;
        }

        var (target, refused) = TestTarget.Read(body.Root, settings.Current, caller, options.Outbound);
        if (target is null)
        {
            return refused!;
        }

        return await gate.EnterAsync(caller.Name(), Tests, context.RequestAborted) is { } place
            ? new DiagnosisStream(doctor.Examine(target, caller.Name(), context.RequestAborted), place)
            : Problem.RateLimited(TestGate.Wait);
    }
}
