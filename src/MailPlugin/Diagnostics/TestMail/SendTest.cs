using System.Security.Claims;
using MailPlugin.Http;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Options;
using MailPlugin.Security;
using MailPlugin.Security.Audit;
using MailPlugin.Settings;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Diagnostics.TestMail;

/// <summary><c>POST /test</c>: sends one mail by exactly one transport, saved or typed, and answers with what the relay said.</summary>
internal static class SendTest
{
    public static async Task<IResult> HandleAsync(
        HttpContext context, ClaimsPrincipal caller, ISettingsSource settings, MailPluginOptions options, TestGate gate, TestTemplate template, TestRun run, TestJudge judge,
        IAuditLog audit)
    {
        var (body, problem) = await RequestBody.ReadAsync(context, UpdateSettings.MaxBytes);
        using var _ = body;
        if (body is null)
        {
            return problem!;
        }

        var (request, refused) = TestRequest.Read(body.Root, settings.Current, caller, options.Outbound);
        if (request is null)
        {
            return refused!;
        }

        using var place = await gate.EnterAsync(caller.Name(), cost: 1, context.RequestAborted);
        if (place is null)
        {
            return Problem.RateLimited(TestGate.Wait);
        }

        var result = await run.SendAsync(request, template.Render(request, RequestLanguage.Of(context)), context.RequestAborted);
        return await TestAnswer.OfAsync(context, caller, request, result, judge, audit);
    }
}
