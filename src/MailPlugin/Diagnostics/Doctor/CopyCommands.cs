using System.Globalization;
using MailPlugin.Diagnostics.Causes;
using MailPlugin.Diagnostics.TestMail;
using MailPlugin.Settings;

namespace MailPlugin.Diagnostics.Doctor;

/// <summary>
/// Commands for a POSIX shell that show the same by other people's tools. Every value is quoted, whatever it is made of; a password is never in them: swaks asks for it.
/// </summary>
internal static class CopyCommands
{
    public static IReadOnlyList<string> For(TestTarget target, SmtpSettings smtp) =>
        smtp.Proxy is null ? [OpenSsl(smtp), .. Swaks(target, smtp)] : [];

    /// <summary>One word for a POSIX shell (2.2.2): nothing is special between single quotes but the quote itself.</summary>
    public static string Quote(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    static string OpenSsl(SmtpSettings smtp)
    {
        var startTls = RelaySecurity.Effective(smtp) == SmtpSecurityChoice.ImplicitTls ? "" : " -starttls smtp";
        var name = System.Net.IPAddress.TryParse(smtp.Host, out _) ? "" : $" -servername {Quote(smtp.Host)} -verify_hostname {Quote(smtp.Host)}";
        return $"openssl s_client -connect {Quote(HostPort.Of(smtp.Host, smtp.Port))}{startTls}{name} -showcerts </dev/null";
    }

    static IEnumerable<string> Swaks(TestTarget target, SmtpSettings smtp)
    {
        (string Option, string? Value)[] values =
        [
            ("--server", smtp.Host),
            ("--from", target.Sender),
            ("--to", target.To ?? target.From?.Address),

            // Without a password swaks asks for one, and it stands in no history.
            ("--auth-user", smtp is { OAuth: null } && target.SignsIn ? smtp.Username : null),
            ("--ehlo", smtp.EhloName),
        ];

        // swaks takes a value that begins with a dash for an option, however it is handed over.
        if (values.Any(pair => pair.Value?.StartsWith('-') == true))
        {
            return [];
        }

        var words = values.Where(pair => pair.Value is not null).Select(pair => $"{pair.Option} {Quote(pair.Value!)}");
        return [$"swaks {string.Join(' ', words)} --port {smtp.Port.ToString(CultureInfo.InvariantCulture)}{Encryption(smtp)} --quit-after RCPT"];
    }

    static string Encryption(SmtpSettings smtp) => RelaySecurity.Effective(smtp) switch
    {
        SmtpSecurityChoice.ImplicitTls => " --tls-on-connect --tls-verify",
        SmtpSecurityChoice.StartTls => " --tls --tls-verify",
        SmtpSecurityChoice.StartTlsIfOffered => " --tls-optional",
        _ => "",
    };
}
