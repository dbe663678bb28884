namespace MailPlugin.Smtp;

/// <summary>One side of one login exchange (RFC 4422). What it returns is sent in base64 and never reaches a transcript.</summary>
internal abstract class SaslMechanism : IDisposable
{
    /// <summary>As it is offered and asked for.</summary>
    internal abstract string Name { get; }

    /// <summary>What may go with the AUTH command itself; null waits for the server's first challenge.</summary>
    internal virtual byte[]? Initial() => null;

    /// <summary>The answer to a challenge.</summary>
    /// <exception cref="SaslException">The challenge is not one that can be answered.</exception>
    internal abstract byte[] Respond(byte[] challenge);

    /// <summary>Whether a success may be believed: a mechanism that authenticates the server says no until it has.</summary>
    internal virtual bool MayEnd => true;

    /// <summary>What the server said about a failure, where the mechanism carries that.</summary>
    internal virtual string? Complaint => null;

    public virtual void Dispose() => GC.SuppressFinalize(this);
}

/// <summary>The other side's part of an exchange makes no sense, or proves that it does not know the password.</summary>
internal sealed class SaslException(string message) : Exception(message);
