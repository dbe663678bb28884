using System.Security.Cryptography;
using System.Text;

namespace MailPlugin.Smtp;

/// <summary>A password or token. It has no property that shows it and prints as <c>***</c>, so that it cannot reach a log by accident.</summary>
public sealed class SmtpSecret : IEquatable<SmtpSecret>
{
    /// <summary>Wraps a secret.</summary>
    public SmtpSecret(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Value = value;
    }

    internal string Value { get; }

    /// <inheritdoc/>
    public bool Equals(SmtpSecret? other)
        => other is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Value), Encoding.UTF8.GetBytes(other.Value));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SmtpSecret);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    /// <summary>Three stars.</summary>
    public override string ToString() => "***";
}
