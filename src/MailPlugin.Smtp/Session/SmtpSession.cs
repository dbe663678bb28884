using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace MailPlugin.Smtp;

/// <summary>
/// A session with a relay, logged in and ready for messages. One caller at a time; nothing here is thread-safe. Messages are outcomes, not
/// exceptions: only cancellation and misuse throw once a session exists.
/// </summary>
public sealed class SmtpSession : IAsyncDisposable
{
    static readonly TimeSpan LongestGoodbye = TimeSpan.FromSeconds(5);

    readonly SessionState _state;
    readonly Socket _socket;
    int _busy;
    bool _disposed;

    SmtpSession(SessionState state, Socket socket, SmtpTlsInfo? tls)
    {
        (_state, _socket, Tls) = (state, socket, tls);
        RemoteEndPoint = socket.RemoteEndPoint as IPEndPoint ?? new(IPAddress.None, 0);
    }

    /// <summary>What the server offered last.</summary>
    public SmtpCapabilities Capabilities => _state.Capabilities;

    /// <summary>What protects the session; null in plain text.</summary>
    public SmtpTlsInfo? Tls { get; }

    /// <summary>The address really connected to: the proxy's where there is one; none where the connection has no address.</summary>
    public IPEndPoint RemoteEndPoint { get; }

    /// <summary>Whether another transaction can be sent.</summary>
    public bool IsUsable => !_disposed && !_state.IsBroken && !_state.IsClosing;

    /// <summary>Resolves, connects, protects, greets and logs in.</summary>
    /// <param name="relay">The server.</param>
    /// <param name="transcript">Is told every line, also of a session that could not be made.</param>
    /// <param name="timeProvider">The clock of all timeouts; null takes the system's.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="SmtpException">The session could not be made; the stage and the fault say why.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static Task<SmtpSession> ConnectAsync(
        SmtpRelay relay, ISmtpTranscript? transcript = null, TimeProvider? timeProvider = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(relay);
        ArgumentException.ThrowIfNullOrEmpty(relay.Host);
        var time = timeProvider ?? TimeProvider.System;
        return ConnectAsync(relay, new TranscriptWriter(transcript, time), time, new SmtpConnector(time), cancellationToken);
    }

    /// <summary>Greets and logs in over a connection that somebody made, such as the one to a program. It is the session's from here on, also when this fails.</summary>
    /// <inheritdoc cref="ConnectAsync(SmtpRelay, ISmtpTranscript?, TimeProvider?, CancellationToken)"/>
    public static Task<SmtpSession> ConnectAsync(
        SmtpRelay relay, Socket connection, ISmtpTranscript? transcript = null, TimeProvider? timeProvider = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(relay);
        ArgumentNullException.ThrowIfNull(connection);
        var time = timeProvider ?? TimeProvider.System;
        return ConnectAsync(relay, new TranscriptWriter(transcript, time), time, new SmtpConnector(time), cancellationToken, connection);
    }

    internal static async Task<SmtpSession> ConnectAsync(
        SmtpRelay relay, TranscriptWriter transcript, TimeProvider time, SmtpConnector connector, CancellationToken cancellationToken, Socket? given = null)
    {
        var activity = SmtpTelemetry.StartConnect(relay);
        var started = time.GetTimestamp();
        try
        {
            SmtpSession session;
            try
            {
                session = await OpenAsync(relay, withoutTls: false).ConfigureAwait(false);
            }
            catch (SmtpException exception)
                when (exception.Stage == SmtpStage.Tls && relay.Security == SmtpSecurity.StartTlsIfOffered && !cancellationToken.IsCancellationRequested)
            {
                // Whoever asked for TLS only if it can be had gets a session without it, as Postfix does it.
                session = await OpenAsync(relay, withoutTls: true).ConfigureAwait(false);
            }

            SmtpTelemetry.Connected(activity, time.GetElapsedTime(started));
            return session;
        }
        catch (SmtpException exception)
        {
            SmtpTelemetry.Failed(activity, exception);
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }

        async Task<SmtpSession> OpenAsync(SmtpRelay target, bool withoutTls)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var deadline = new Deadline(time);
            using var following = deadline.Follow(cancellationToken);
            transcript.Tls = false;
            var handshake = new SmtpHandshake(target, transcript, time, deadline) { WithoutTls = withoutTls, Given = given };
            await handshake.RunAsync(connector).ConfigureAwait(false);
            return new SmtpSession(
                new SessionState(target, handshake.Dialogue, handshake.Capabilities, deadline, time), handshake.Socket, handshake.Tls);
        }
    }

    /// <summary>
    /// Sends messages as fast as the server lets them be sent. The outcomes come as transactions finish, as a rule in their order. A
    /// transaction is taken from the source before the one ahead has finished, where it is there without waiting. When the session breaks,
    /// every transaction taken gets its outcome, then the stream ends (<see cref="IsUsable"/> is false); the rest of the source is not read.
    /// Whoever leaves the stream early leaves the session unusable if something was in flight.
    /// </summary>
    /// <exception cref="OperationCanceledException">Canceled; every transaction that was taken has been given its outcome before.</exception>
    public async IAsyncEnumerable<SmtpOutcome> SendAsync(
        IAsyncEnumerable<SmtpTransaction> transactions, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transactions);
        cancellationToken.ThrowIfCancellationRequested();
        Enter();
        using var following = _state.Deadline.Follow(cancellationToken);
        var pipeline = new TransactionPipeline(_state, transactions, cancellationToken);
        try
        {
            bool more;
            do
            {
                more = await pipeline.StepAsync().ConfigureAwait(false);
                while (pipeline.TryTakeOutcome(out var outcome))
                {
                    yield return outcome;
                }
            }
            while (more);

            pipeline.ThrowIfFailed();
        }
        finally
        {
            await pipeline.EndAsync().ConfigureAwait(false);
            Leave();
        }
    }

    /// <summary>Sends one message. On a session that is over the outcome is <see cref="SmtpVerdict.NotSent"/>.</summary>
    /// <exception cref="OperationCanceledException">
    /// Canceled, and the server cannot have the message. Where it may have it, the outcome says so with <see cref="SmtpFault.Canceled"/>.
    /// </exception>
    public async Task<SmtpOutcome> SendAsync(SmtpTransaction transaction, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!IsUsable)
        {
            return NotSent(transaction);
        }

        Enter();
        var following = _state.Deadline.Follow(cancellationToken);
        var pipeline = new TransactionPipeline(_state, new OneTransaction(transaction), cancellationToken);
        try
        {
            SmtpOutcome? outcome;
            while (!pipeline.TryTakeOutcome(out outcome))
            {
                if (!await pipeline.StepAsync().ConfigureAwait(false))
                {
                    throw new InvalidOperationException("The session is over.");
                }
            }

            return outcome is { Fault: SmtpFault.Canceled, Verdict: SmtpVerdict.NotSent }
                ? throw new OperationCanceledException(outcome.Detail, outcome.Cause, cancellationToken)
                : outcome;
        }
        finally
        {
            await following.DisposeAsync().ConfigureAwait(false);
            await pipeline.EndAsync().ConfigureAwait(false);
            Leave();
        }
    }

    /// <summary>
    /// Asks with MAIL and RCPT whether a message could be sent, then takes it back with RSET: nothing is sent. Whether the session can go on, <see cref="IsUsable"/> says.
    /// </summary>
    /// <exception cref="OperationCanceledException">Canceled; the session is over.</exception>
    public async Task<SmtpEnvelopeAnswer> AskAsync(SmtpEnvelope envelope, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        cancellationToken.ThrowIfCancellationRequested();
        Enter();
        try
        {
            using var following = _state.Deadline.Follow(cancellationToken);
            var answer = await EnvelopeQuestion.AskAsync(_state, envelope).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return answer;
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Asks the server whether it is still there. False means that the session is over.</summary>
    /// <exception cref="OperationCanceledException">Canceled; the session is over.</exception>
    public async Task<bool> NoopAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!IsUsable)
        {
            return false;
        }

        Enter();
        try
        {
            using var following = _state.Deadline.Follow(cancellationToken);
            await _state.Dialogue.AskAsync("NOOP", _state.Relay.Timeouts.Command).ConfigureAwait(false);
            _state.IsBroken |= _state.Dialogue.Code == 421;
        }
        catch (SessionBroken)
        {
            _state.IsBroken = true;
            cancellationToken.ThrowIfCancellationRequested();
        }
        finally
        {
            Leave();
        }

        return !_state.IsBroken;
    }

    /// <summary>Says goodbye and closes; waits for the answer no longer than five seconds and never throws for the server's part.</summary>
    public async Task QuitAsync(CancellationToken cancellationToken = default)
    {
        if (!_disposed && !_state.IsBroken && Interlocked.Exchange(ref _busy, 1) == 0)
        {
            try
            {
                using var following = _state.Deadline.Follow(cancellationToken);
                await _state.Dialogue.AskAsync("QUIT", Min(_state.Relay.Timeouts.Command, LongestGoodbye)).ConfigureAwait(false);
            }
            catch (SessionBroken)
            {
                // It is over either way.
            }
            finally
            {
                Volatile.Write(ref _busy, 0);
            }
        }

        await DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Closes without a goodbye.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        SmtpTelemetry.Closed();
        await _state.Dialogue.Stream.DisposeAsync().ConfigureAwait(false);
        _socket.Dispose();
        _state.Deadline.Dispose();
    }

    SmtpOutcome NotSent(SmtpTransaction transaction)
    {
        var job = new TransactionJob(transaction, _state.Time);
        job.Fail(SmtpFault.ConnectionLost, "The session is over.", null);
        return job.ToOutcome(_state.Time);
    }

    static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    void Enter()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (Interlocked.Exchange(ref _busy, 1) != 0)
        {
            throw new InvalidOperationException("A session serves one caller at a time.");
        }
    }

    void Leave()
    {
        if (!_state.IsBroken && !_disposed)
        {
            _state.Deadline.Renew();
        }

        Volatile.Write(ref _busy, 0);
    }
}
