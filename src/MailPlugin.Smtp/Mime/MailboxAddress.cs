using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MailPlugin.Smtp.Mime;

/// <summary>One mailbox (RFC 5321 section 4.1.2, RFC 6531) with an optional display name. What exists is valid: no line break, no control character, lengths of RFC 5321.</summary>
public sealed record MailboxAddress
{
    /// <summary>The longest address that fits into a path of 256 bytes with its angle brackets (RFC 5321 section 4.5.3.1.3).</summary>
    public const int MaximumLength = 254;

    const string Shape = "must be an address such as name@example.com";

    MailboxAddress(string localPart, string domain, string? displayName)
    {
        LocalPart = localPart;
        Domain = domain;
        DisplayName = displayName;
        Address = $"{localPart}@{domain}";
        NeedsSmtpUtf8 = !Ascii.IsValid(localPart);
    }

    /// <summary>What stands before the @, quoted only where the quotes are needed.</summary>
    public string LocalPart { get; }

    /// <summary>The domain in lower case and in A-labels, or an address literal with its brackets.</summary>
    public string Domain { get; }

    /// <summary>The name for people, in any script. Null: none.</summary>
    public string? DisplayName { get; }

    /// <summary>The addr-spec, without angle brackets.</summary>
    public string Address { get; }

    /// <summary>Whether the relay must offer SMTPUTF8 (RFC 6531), because the local-part is not ASCII.</summary>
    public bool NeedsSmtpUtf8 { get; }

    /// <summary>Reads an addr-spec: no display name, no angle brackets, no comments, no groups.</summary>
    /// <param name="text">The address.</param>
    /// <param name="mailbox">The mailbox, when the result is true.</param>
    /// <param name="error">What the address is to be, when the result is false; it continues a sentence that begins with the field's name.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out MailboxAddress? mailbox, [NotNullWhen(false)] out string? error)
        => TryParse(text, null, out mailbox, out error);

    /// <summary>Reads an addr-spec and takes a display name along.</summary>
    /// <param name="text">The address.</param>
    /// <param name="displayName">The name for people. Null or empty: none.</param>
    /// <param name="mailbox">The mailbox, when the result is true.</param>
    /// <param name="error">What the address or the name is to be, when the result is false.</param>
    public static bool TryParse(
        [NotNullWhen(true)] string? text,
        string? displayName,
        [NotNullWhen(true)] out MailboxAddress? mailbox,
        [NotNullWhen(false)] out string? error)
    {
        mailbox = null;
        error = Check(text, out var localPart, out var domain) ?? CheckDisplayName(displayName);
        if (error is not null)
        {
            return false;
        }

        mailbox = new MailboxAddress(localPart, domain, string.IsNullOrWhiteSpace(displayName) ? null : displayName.Trim());
        return true;
    }

    /// <summary>Reads an addr-spec that is known to be valid.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    public static MailboxAddress Parse(string text, string? displayName = null)
        => TryParse(text, displayName, out var mailbox, out var error) ? mailbox : throw new FormatException($"The address {error}.");

    /// <summary>What is wrong with a display name, or null.</summary>
    public static string? CheckDisplayName(string? displayName)
        => displayName is not null && HeaderRules.HasControl(displayName) ? "must not contain line breaks or other control characters" : null;

    /// <summary>The same mailbox under another name.</summary>
    /// <exception cref="ArgumentException">The name contains control characters.</exception>
    public MailboxAddress WithDisplayName(string? displayName)
    {
        if (CheckDisplayName(displayName) is { } error)
        {
            throw new ArgumentException($"The display name {error}.", nameof(displayName));
        }

        return new MailboxAddress(LocalPart, Domain, string.IsNullOrWhiteSpace(displayName) ? null : displayName.Trim());
    }

    /// <summary>The addr-spec.</summary>
    public override string ToString() => Address;

    static string? Check(string? text, out string localPart, out string domain)
    {
        localPart = domain = "";
        if (string.IsNullOrEmpty(text))
        {
            return Shape;
        }

        if (HeaderRules.HasControl(text))
        {
            return "must not contain line breaks or other control characters";
        }

        var at = text.LastIndexOf('@');
        if (at < 0)
        {
            return $"{Shape}: the @ is missing";
        }

        if (AddressLocalPart.TryRead(text.AsSpan(0, at), out localPart!, out var error)
            && AddressDomain.TryRead(text[(at + 1)..], out domain!, out error))
        {
            var length = Encoding.UTF8.GetByteCount(localPart) + 1 + domain.Length;
            error = length > MaximumLength ? $"must have at most {MaximumLength} bytes" : null;
        }

        return error;
    }
}
