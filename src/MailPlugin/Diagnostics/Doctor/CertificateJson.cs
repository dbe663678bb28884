using System.Text.Json.Nodes;
using MailPlugin.Http.Binding;
using MailPlugin.Smtp;

namespace MailPlugin.Diagnostics.Doctor;

/// <summary>What people compare before they trust a certificate.</summary>
internal static class CertificateJson
{
    public static JsonObject Of(SmtpChainLink link, int place, IReadOnlyList<string> names, SmtpCertificateProblem? problem) => new()
    {
        ["place"] = place,
        ["subject"] = link.Subject,
        ["names"] = List(names),
        ["issuer"] = link.Issuer,
        ["notBefore"] = TimeText.Of(link.NotBefore),
        ["notAfter"] = TimeText.Of(link.NotAfter),
        ["sha256"] = link.Sha256,
        ["problem"] = problem is { } check ? EnumText.Of(check) : null,
        ["checks"] = List(link.Problems),
    };

    static JsonArray List(IEnumerable<string> words) => new([.. words.Select(word => JsonValue.Create(word))]);
}
