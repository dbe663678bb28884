using System.Security.Claims;

namespace MailPlugin.Security;

/// <summary>What is known of a caller, as claims.</summary>
internal static class CallerClaims
{
    /// <summary>Who, for people: <c>key:ops</c>.</summary>
    public const string Who = "mp:who";

    /// <summary>Id of the API key.</summary>
    public const string Key = "mp:key";

    /// <summary>One claim for each scope.</summary>
    public const string Scope = "mp:scope";

    /// <summary>One claim for each author that a sending key may name; none: any.</summary>
    public const string From = "mp:from";

    /// <summary>Id of the sign-in; only when the page's cookie was shown.</summary>
    public const string SignIn = "mp:sign-in";

    public static string Name(this ClaimsPrincipal caller) => caller.FindFirstValue(Who) ?? "unknown";
}
