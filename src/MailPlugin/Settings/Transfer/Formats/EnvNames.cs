using System.Text.RegularExpressions;

namespace MailPlugin.Settings.Transfer.Formats;

/// <summary>What names of environment variables mean.</summary>
internal static partial class EnvNames
{
    /// <summary>What stands behind the prefix -> what it means. An address may be the server or the sender: its value tells.</summary>
    static readonly Dictionary<string, EnvField> Meanings = Table(
        (EnvField.Host, "HOST SERVER HOSTNAME ADDR RELAY RELAYHOST RELAY_HOST SERVER_HOST SERVER_ADDRESS"),
        (EnvField.Address, "ADDRESS"),
        (EnvField.Port, "PORT SERVER_PORT"),
        (EnvField.Username, "USER USERNAME USER_NAME LOGIN HOST_USER AUTH_USER AUTH_USERNAME"),
        (EnvField.Password, "PASS PASSWORD PASSWD PWD HOST_PASSWORD AUTH_PASS AUTH_PASSWORD"),
        (EnvField.From, "FROM FROM_ADDRESS FROM_EMAIL FROM_ADDR FROMADDRESS DEFAULT_FROM DEFAULT_FROM_EMAIL SENDER SENDER_ADDRESS SENDER_EMAIL"),
        (EnvField.FromName, "FROM_NAME FROMNAME SENDER_NAME"),
        (EnvField.ReplyTo, "REPLY_TO REPLYTO"),
        (EnvField.Tls, "SECURE SECURITY SSL TLS ENCRYPTION USE_TLS USE_SSL STARTTLS USE_STARTTLS ENABLE_STARTTLS ENABLE_STARTTLS_AUTO TLS_ENABLED SSL_ENABLED SCHEME PROTOCOL"),
        (EnvField.Auth, "AUTH AUTH_TYPE AUTH_METHOD AUTHENTICATION AUTH_MECHANISM"),
        (EnvField.EhloName, "DOMAIN HELO HELO_NAME HELO_HOST EHLO EHLO_NAME EHLO_IDENTITY LOCAL_DOMAIN EHLO_DOMAIN"),
        (EnvField.Timeout, "TIMEOUT"),
        (EnvField.Url, "URL DSN URI"),
        (EnvField.Mailer, "MAILER DRIVER TRANSPORT BACKEND MODE"),
        (EnvField.Prefix, "SUBJECT_PREFIX"),
        (EnvField.Check, "REJECT_UNAUTHORIZED TLS_REJECT_UNAUTHORIZED VERIFY VERIFY_PEER VERIFY_SSL SSL_VERIFY TLS_VERIFY OPENSSL_VERIFY_MODE SKIP_VERIFY INSECURE IGNORE_TLS TLS_INSECURE SSL_NOVERIFY"));

    /// <summary>Names without a prefix of their own.</summary>
    static readonly Dictionary<string, EnvField> WholeNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["DEFAULT_FROM_EMAIL"] = EnvField.From,
        ["MAILER_DSN"] = EnvField.Url,
        ["MAILER_URL"] = EnvField.Url,
    };

    /// <summary>Whether it is about mail at all, be it of a kind that is not known here.</summary>
    public static bool IsMail(string name) => Prefix().IsMatch(name);

    /// <summary>Null: it is not known here.</summary>
    public static EnvField? FieldOf(string name)
    {
        if (WholeNames.TryGetValue(name, out var whole))
        {
            return whole;
        }

        if (Prefix().Match(name) is not { Success: true } prefix)
        {
            return null;
        }

        var suffix = name[prefix.Length..];
        return Meanings.TryGetValue(suffix, out var field) ? field
            : suffix.EndsWith("_FILE", StringComparison.OrdinalIgnoreCase) && Meanings.ContainsKey(suffix[..^5]) ? EnvField.File
            : null;
    }

    /// <summary>Whether a variable that is only on or off is about TLS from the start.</summary>
    public static string KindOf(string name) => name.EndsWith("SSL", StringComparison.OrdinalIgnoreCase) || name.EndsWith("SSL_ENABLED", StringComparison.OrdinalIgnoreCase) ? "ssl"
        : name.EndsWith("SECURE", StringComparison.OrdinalIgnoreCase) ? "secure" : "tls";

    static Dictionary<string, EnvField> Table(params ReadOnlySpan<(EnvField Field, string Names)> rows)
    {
        var table = new Dictionary<string, EnvField>(StringComparer.OrdinalIgnoreCase);
        foreach (var (field, names) in rows)
        {
            foreach (var name in names.Split(' '))
            {
                table.Add(name, field);
            }
        }

        return table;
    }

    /// <summary>The application's own prefix may stand before it.</summary>
    [GeneratedRegex("^(?:[A-Z0-9]+_)*?(?:E?MAIL_)?(?:SMTP|E?MAIL|MAILER)_(?:SMTP_)?", RegexOptions.IgnoreCase)]
    private static partial Regex Prefix();
}

internal enum EnvField
{
    Host,
    Address,
    Port,
    Username,
    Password,
    From,
    FromName,
    ReplyTo,
    Tls,
    Auth,
    EhloName,
    Timeout,
    Url,
    Mailer,
    Prefix,
    Check,
    File,
}
