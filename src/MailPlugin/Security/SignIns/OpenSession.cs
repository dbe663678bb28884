using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Security.Audit;
using MailPlugin.Security.HostSignIn;
using MailPlugin.Security.Keys;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Security.SignIns;

/// <summary><c>POST /session</c>: an admin key against a cookie.</summary>
internal static class OpenSession
{
    const int MaxBytes = 4 * 1024;

    public static async Task<IResult> HandleAsync(
        HttpContext context, KeyRegister keys, SignInDesk desk, SignInCookie cookie, SignInLimiter limiter, FirstAdminKey firstKey, HostPolicy host, IAuditLog audit)
    {
        if (host.IsUsed)
        {
            return Problem.Of("host-sign-in");
        }

        var address = context.Connection.RemoteIpAddress?.ToString();
        if (limiter.Refuse(context.Connection.RemoteIpAddress) is { } wait)
        {
            return Problem.RateLimited(wait);
        }

        var (body, problem) = await RequestBody.ReadAsync(context, MaxBytes);
        using var _ = body;
        if (body is null)
        {
            return problem!;
        }

        var faults = new Faults();
        var reader = new JsonObjectReader(body.Root, "", faults);
        var text = reader.Text("key", maxLength: 512);
        if (string.IsNullOrWhiteSpace(text) && !faults.Any)
        {
            reader.Fault("key", "must be an admin key");
        }

        reader.Complete();
        if (faults.Any)
        {
            return Problem.Invalid("invalid-request", faults);
        }

        if (keys.Find(text!.Trim()) is not { } key || !key.Scopes.Contains(Scopes.Admin))
        {
            if (limiter.RefuseWrong() is { } longer)
            {
                return Problem.RateLimited(longer);
            }

            await audit.WriteAsync("anonymous", "sign-in refused", address, null, context.RequestAborted);
            return Problem.Of("unauthenticated", new("This is not an admin key of this host.", "这不是本主机的管理员密钥。"));
        }

        var (signIn, token) = await desk.OpenAsync(key, address, context.RequestAborted);
        await audit.WriteAsync($"key:{key.Name}", "signed in", signIn.Id, address, context.RequestAborted);
        cookie.Write(context, token);
        firstKey.RemoveFile();
        return Results.NoContent();
    }
}
