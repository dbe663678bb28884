using System.Security.Claims;

namespace MailPlugin.Security;

/// <summary>What a key may do; the names of the policies too. <see cref="Admin"/> includes the others.</summary>
internal static class Scopes
{
    public const string Send = "send";
    public const string Test = "test";
    public const string Read = "read";
    public const string Admin = "admin";

    /// <summary>Policy for what any valid key may do.</summary>
    public const string Any = "any";

    public static IReadOnlyList<string> All { get; } = [Send, Test, Read, Admin];

    public static bool Has(this ClaimsPrincipal caller, string scope) =>
        caller.HasClaim(CallerClaims.Scope, scope) || caller.HasClaim(CallerClaims.Scope, Admin);
}
