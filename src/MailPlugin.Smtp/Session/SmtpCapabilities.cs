using System.Globalization;

namespace MailPlugin.Smtp;

/// <summary>What a server offered in its last answer to EHLO (RFC 5321 4.1.1.1).</summary>
public sealed class SmtpCapabilities
{
    static readonly char[] Blanks = [' ', '\t'];

    SmtpCapabilities(IReadOnlyList<string> keywords) => Keywords = keywords;

    /// <summary>Nothing: the server knows HELO alone.</summary>
    public static SmtpCapabilities None { get; } = new([]);

    /// <summary>Every line as it was said, the greeting line left out.</summary>
    public IReadOnlyList<string> Keywords { get; }

    /// <summary>Commands may be sent in groups (RFC 2920).</summary>
    public bool Pipelining { get; private init; }

    /// <summary>Content may have 8-bit bytes (RFC 6152).</summary>
    public bool EightBitMime { get; private init; }

    /// <summary>Addresses and headers may be UTF-8 (RFC 6531).</summary>
    public bool SmtpUtf8 { get; private init; }

    /// <summary>The size may be announced (RFC 1870).</summary>
    public bool Size { get; private init; }

    /// <summary>The largest message; null when the server names none.</summary>
    public long? MaximumSize { get; private init; }

    /// <summary>Delivery reports may be asked for (RFC 3461).</summary>
    public bool Dsn { get; private init; }

    /// <summary>Replies carry enhanced status codes (RFC 2034).</summary>
    public bool EnhancedStatusCodes { get; private init; }

    /// <summary>Content may be sent with BDAT (RFC 3030).</summary>
    public bool Chunking { get; private init; }

    /// <summary>TLS may be started (RFC 3207).</summary>
    public bool StartTls { get; private init; }

    /// <summary>The SASL mechanisms, in capitals (RFC 4954).</summary>
    public IReadOnlyList<string> AuthMechanisms { get; private init; } = [];

    /// <summary>Whether a SASL mechanism is offered.</summary>
    public bool OffersAuth(string mechanism) => AuthMechanisms.Contains(mechanism, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether this way to log in can be tried here.</summary>
    /// <param name="auth">What is wanted; <see cref="SmtpAuth.Auto"/> takes what there is.</param>
    /// <param name="isToken">Whether the secret is an OAuth 2.0 token and not a password.</param>
    public bool CanLogIn(SmtpAuth auth, bool isToken = false) => auth != SmtpAuth.None && SaslChoice.For(auth, isToken, this).Count > 0;

    internal static SmtpCapabilities Parse(SmtpReply reply)
    {
        var lines = reply.Lines.Skip(1).Where(line => !string.IsNullOrWhiteSpace(line)).ToArray();
        var words = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var mechanisms = new List<string>();
        var size = default(long?);
        foreach (var line in lines)
        {
            // "AUTH=LOGIN" is what servers said before the standard; some still say both.
            var parts = (line.StartsWith("AUTH=", StringComparison.OrdinalIgnoreCase) ? "AUTH " + line[5..] : line)
                .Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
            words.Add(parts[0]);
            if (parts[0].Equals("AUTH", StringComparison.OrdinalIgnoreCase))
            {
                mechanisms.AddRange(parts.Skip(1).Select(part => part.ToUpperInvariant()));
            }
            else if (parts[0].Equals("SIZE", StringComparison.OrdinalIgnoreCase) && parts.Length > 1
                && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var maximum) && maximum > 0)
            {
                size = maximum;
            }
        }

        return new SmtpCapabilities(lines)
        {
            Pipelining = words.Contains("PIPELINING"),
            EightBitMime = words.Contains("8BITMIME"),
            SmtpUtf8 = words.Contains("SMTPUTF8"),
            Size = words.Contains("SIZE"),
            MaximumSize = size,
            Dsn = words.Contains("DSN"),
            EnhancedStatusCodes = words.Contains("ENHANCEDSTATUSCODES"),
            Chunking = words.Contains("CHUNKING"),
            StartTls = words.Contains("STARTTLS"),
            AuthMechanisms = [.. mechanisms.Distinct()],
        };
    }
}
