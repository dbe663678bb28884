using System.Net;
using System.Runtime.CompilerServices;

namespace MailPlugin.Smtp;

/// <summary>
/// A session with a relay, signed in and ready for messages. One caller at a time; nothing here is thread-safe. Messages are outcomes, not
/// exceptions: only cancellation and misuse throw once a session exists.
/// </summary>
public sealed class SmtpSession : IAsyncDisposable
{
    SmtpSession() { }

    /// <summary>What the server offered last.</summary>
    public SmtpCapabilities Capabilities => throw new NotSupportedException();

    /// <summary>What protects the session; null in plain text.</summary>
    public SmtpTlsInfo? Tls => throw new NotSupportedException();

    /// <summary>The address really connected to: the proxy's where there is one.</summary>
    public IPEndPoint RemoteEndPoint => throw new NotSupportedException();

    /// <summary>Whether another transaction can be sent.</summary>
    public bool IsUsable => throw new NotSupportedException();

    /// <summary>Whether the session is usable and the server has not closed it meanwhile, as far as it can be seen without asking.</summary>
    public bool IsAlive() => throw new NotSupportedException();

    /// <summary>Resolves, connects, protects, greets and signs in.</summary>
    /// <exception cref="SmtpException">The session could not be made; the stage and the fault say why.</exception>
    public static Task<SmtpSession> ConnectAsync(
        SmtpRelay relay, ISmtpTranscript? transcript = null, TimeProvider? timeProvider = null, CancellationToken cancellationToken = default)
        => throw new NotSupportedException();

    /// <summary>
    /// Sends messages as fast as the server lets them be sent. The outcomes come as transactions finish, as a rule in their order. A
    /// transaction is taken from the source before the one ahead has finished, where it is there without waiting. When the session breaks,
    /// every transaction taken gets its outcome, then the stream ends (<see cref="IsUsable"/> is false); the rest of the source is not read.
    /// </summary>
    /// <exception cref="OperationCanceledException">Canceled; every transaction that was taken has been given its outcome before.</exception>
    public async IAsyncEnumerable<SmtpOutcome> SendAsync(
        IAsyncEnumerable<SmtpTransaction> transactions, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (IsUsable)
        {
            await Task.Yield();
        }

        yield break;
    }

    /// <summary>Sends one message.</summary>
    /// <exception cref="OperationCanceledException">
    /// Canceled before content was sent. After that the outcome says with <see cref="SmtpFault.Canceled"/> what is uncertain.
    /// </exception>
    public Task<SmtpOutcome> SendAsync(SmtpTransaction transaction, CancellationToken cancellationToken = default)
        => throw new NotSupportedException();

    /// <summary>Asks the server whether it is still there. False means that the session is over.</summary>
    public Task<bool> NoopAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Says goodbye and closes; waits for the answer no longer than five seconds and never throws for the server's part.</summary>
    public Task QuitAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Closes without a goodbye.</summary>
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
