using System.Security.Claims;
using MailPlugin.Security;

namespace MailPlugin.Submission;

internal static class Callers
{
    /// <summary>Who submits over HTTP: an API key, the page's sign-in with the key behind it, or somebody whom the host signed in.</summary>
    public static SubmissionCaller Of(ClaimsPrincipal user)
    {
        var key = user.FindFirstValue(CallerClaims.Key) ?? "";
        var scope = user.FindFirstValue(CallerClaims.SignIn) is { } signIn ? $"sign-in:{signIn}" : key.Length > 0 ? $"key:{key}" : user.Name();
        return new(key, scope) { AllowedFrom = [.. user.FindAll(CallerClaims.From).Select(claim => claim.Value)] };
    }
}
