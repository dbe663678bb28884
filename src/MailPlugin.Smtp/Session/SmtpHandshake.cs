using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace MailPlugin.Smtp;

/// <summary>From nothing to a session that is ready for messages: connection, proxy, TLS, greeting, EHLO, STARTTLS, login.</summary>
[SuppressMessage("Design", "CA1001", Justification = "What it opens belongs to the session, or is closed when the handshake fails.")]
internal sealed class SmtpHandshake(SmtpRelay relay, TranscriptWriter transcript, TimeProvider time, Deadline deadline)
{
    SmtpStage _stage = SmtpStage.Resolve;
    Socket? _socket;
    SmtpStream? _stream;
    Dialogue? _dialogue;
    string _ehloName = "";

    internal SmtpCapabilities Capabilities { get; private set; } = SmtpCapabilities.None;

    internal SmtpTlsInfo? Tls { get; private set; }

    internal Dialogue Dialogue => _dialogue!;

    internal Socket Socket => _socket!;

    /// <summary>A connection that is there already.</summary>
    internal Socket? Given { get; init; }

    /// <summary>Set for the second try where opportunistic TLS failed in its handshake.</summary>
    internal bool WithoutTls { get; init; }

    /// <summary>Leaves nothing open when it throws.</summary>
    internal async Task RunAsync(SmtpConnector connector)
    {
        try
        {
            await ConnectAsync(connector).ConfigureAwait(false);
            if (relay.Security == SmtpSecurity.ImplicitTls)
            {
                await StartTlsNowAsync().ConfigureAwait(false);
            }

            await GreetAsync().ConfigureAwait(false);
            await EhloAsync().ConfigureAwait(false);
            if (relay.Security is SmtpSecurity.StartTls or SmtpSecurity.StartTlsIfOffered && !WithoutTls)
            {
                await UpgradeAsync().ConfigureAwait(false);
            }

            _stage = SmtpStage.Auth;
            await SmtpLogin.RunAsync(_dialogue!, relay, Capabilities).ConfigureAwait(false);
            _dialogue!.LimitHandshake = false;
        }
        catch (Exception exception) when (exception is not SmtpException)
        {
            var broken = Explain(exception);
            TellNetwork(broken);
            transcript.Info($"{_stage}: {broken.Message}");
            await CloseAsync().ConfigureAwait(false);
            throw broken;
        }
        catch (SmtpException exception)
        {
            TellNetwork(exception);
            transcript.Info($"{exception.Stage}: {exception.Message}");
            await CloseAsync().ConfigureAwait(false);
            throw;
        }
    }

    async Task ConnectAsync(SmtpConnector connector)
    {
        if (Given is not null)
        {
            (_stage, _socket, _ehloName) = (SmtpStage.Connect, Given, EhloName.For(relay, null));
            _stream = new SmtpStream(new NetworkStream(_socket, ownsSocket: true), deadline);
            _dialogue = new Dialogue(_stream, relay, transcript);
            return;
        }

        deadline.Arm(relay.Timeouts.Connect);
        var (host, port) = relay.Proxy is { } proxy ? (proxy.Host, proxy.Port) : (relay.Host, relay.Port);
        var target = relay.Proxy is null ? relay.Host : await connector.TargetAsync(relay, deadline.Token).ConfigureAwait(false);
        transcript.Info($"Connecting to {host} port {port}");
        _socket = await connector.ConnectAsync(relay, host, port, transcript, deadline.Token, () => _stage = SmtpStage.Connect).ConfigureAwait(false);
        _stage = SmtpStage.Connect;
        transcript.Info($"Connected to {_socket.RemoteEndPoint}");
        transcript.Tell(new SmtpEvent.Connected((IPEndPoint)_socket.RemoteEndPoint!));
        _ehloName = EhloName.For(relay, (_socket.LocalEndPoint as IPEndPoint)?.Address);
        var network = connector.Wrap(new NetworkStream(_socket, ownsSocket: true));
        _stream = new SmtpStream(network, deadline);
        _dialogue = new Dialogue(_stream, relay, transcript);
        if (relay.Proxy is not null)
        {
            await TunnelAsync(network, target).ConfigureAwait(false);
            transcript.Info($"The proxy connected to {relay.Host} port {relay.Port}");
        }

        deadline.Disarm();
    }

    void TellNetwork(SmtpException exception)
    {
        if (_socket is null && exception.Fault is not SmtpFault.AddressNotAllowed)
        {
            transcript.Tell(new SmtpEvent.NetworkFailed((exception.GetBaseException() as SocketException)?.SocketErrorCode ?? SocketError.TimedOut));
        }
    }

    async Task TunnelAsync(Stream network, string target)
    {
        try
        {
            await ProxyTunnel.OpenAsync(network, relay.Proxy!, target, relay.Port, deadline.Token).ConfigureAwait(false);
            transcript.Tell(new SmtpEvent.ProxyAnswered(SmtpProxyAnswer.Opened));
        }
        catch (SmtpException exception) when (exception.ProxyAnswer is { } answer)
        {
            transcript.Tell(new SmtpEvent.ProxyAnswered(answer));
            throw;
        }
    }

    async Task StartTlsNowAsync()
    {
        _stage = SmtpStage.Tls;
        Tls = await TlsUpgrade.RunAsync(_stream!, relay, relay.Security == SmtpSecurity.StartTlsIfOffered, deadline, time, transcript).ConfigureAwait(false);
        transcript.Tls = true;
        transcript.Info(Tls.CertificateProblem is null ? Tls.ToString() : $"{Tls}; {Tls.Certificate.Detail}");
    }

    async Task GreetAsync()
    {
        _stage = SmtpStage.Greeting;
        try
        {
            if (relay.Timeouts.Silence is { } patience && Tls is null && relay.Proxy is null)
            {
                await ReadSuspiciouslyAsync(patience).ConfigureAwait(false);
            }
            else
            {
                await _dialogue!.ReadAsync(relay.Timeouts.Greeting).ConfigureAwait(false);
            }
        }
        catch (SessionBroken broken) when (broken.Fault == SmtpFault.ProtocolViolation && _stream!.Buffered is [0x15 or 0x16, 3, ..])
        {
            throw TlsExpected(broken);
        }
        catch (SessionBroken broken) when (broken.Fault == SmtpFault.ProtocolViolation && _stream!.Buffered.Length > 0)
        {
            var text = PortSpeech.TextOf(_stream.Buffered);
            transcript.Tell(new SmtpEvent.Overheard(PortSpeech.Of(_stream.Buffered), text));
            throw new SessionBroken(broken.Fault, $"{broken.Message} It said \"{text}\".", broken);
        }
        catch (SessionBroken broken) when (broken.Fault == SmtpFault.Timeout && Tls is null && Given is null && _stream!.Received == 0)
        {
            throw await TlsUpgrade.AnswersAsync(_stream.Inner, relay.Host, time).ConfigureAwait(false) ? TlsExpected(broken) : broken;
        }

        transcript.Tell(new SmtpEvent.Greeted(_dialogue!.Reply));
        Require(2, "The server does not take mail");
    }

    /// <summary>Waits as long as ever, unless it turns out meanwhile that nothing can come.</summary>
    async Task ReadSuspiciouslyAsync(TimeSpan patience)
    {
        var greeting = _dialogue!.ReadAsync(relay.Timeouts.Greeting).AsTask();
        if (await Task.WhenAny(greeting, Task.Delay(patience, time)).ConfigureAwait(false) != greeting && _stream!.Received == 0)
        {
            var heard = await PortProbe.LookAsync((IPEndPoint)_socket!.RemoteEndPoint!, relay, time, deadline.Token).ConfigureAwait(false);
            if (!greeting.IsCompleted && heard.Speech is not (SmtpPortSpeech.Silence or SmtpPortSpeech.Smtp))
            {
                _ = greeting.ContinueWith(static late => _ = late.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                transcript.Tell(heard);
                throw heard.Speech is SmtpPortSpeech.SmtpOverTls or SmtpPortSpeech.Tls
                    ? TlsExpected(new TimeoutException("The port was silent, and answered TLS."))
                    : new SessionBroken(SmtpFault.ProtocolViolation, $"What listens there is no mail server. It said \"{heard.Text}\".");
            }
        }

        await greeting.ConfigureAwait(false);
    }

    static SmtpException TlsExpected(Exception cause)
        => new(SmtpStage.Greeting, SmtpFault.TlsExpected, "The port waits for TLS from the first byte: choose implicit TLS, or another port.", cause: cause);

    async Task EhloAsync()
    {
        _stage = SmtpStage.Ehlo;
        await _dialogue!.AskAsync($"EHLO {_ehloName}", relay.Timeouts.Command).ConfigureAwait(false);
        if (_dialogue.Code is >= 500 and not 554)
        {
            await _dialogue.AskAsync($"HELO {_ehloName}", relay.Timeouts.Command).ConfigureAwait(false);
            Require(2, "The server refused the greeting");
            Capabilities = SmtpCapabilities.None;
            transcript.Tell(new SmtpEvent.Offered(Capabilities, Tls is not null));
            return;
        }

        Require(2, "The server refused the greeting");
        if (_dialogue.Reply.Lines.Count - 1 > relay.Limits.Capabilities)
        {
            throw new SessionBroken(SmtpFault.ProtocolViolation, $"The server offers more than {relay.Limits.Capabilities} capabilities.");
        }

        Capabilities = SmtpCapabilities.Parse(_dialogue.Reply);
        transcript.Tell(new SmtpEvent.Offered(Capabilities, Tls is not null));
    }

    async Task UpgradeAsync()
    {
        _stage = SmtpStage.StartTls;
        var required = relay.Security == SmtpSecurity.StartTls;
        if (!Capabilities.StartTls)
        {
            if (required)
            {
                throw new SmtpException(SmtpStage.StartTls, SmtpFault.StartTlsNotOffered, "The server does not offer STARTTLS.");
            }

            return;
        }

        await _dialogue!.AskAsync("STARTTLS", relay.Timeouts.Command).ConfigureAwait(false);
        transcript.Tell(new SmtpEvent.StartTlsAnswered(_dialogue.Reply));
        if (!required && _dialogue.Code is >= 400 and not 421)
        {
            return;
        }

        Require(2, "The server refused STARTTLS");

        // What came in behind the reply was said by whoever sits in between, and would be believed under TLS.
        if (_dialogue.HasUnasked)
        {
            throw new SessionBroken(SmtpFault.ProtocolViolation, "The server said something in plain text behind its answer to STARTTLS.");
        }

        _dialogue.Release();
        var before = Capabilities;
        await StartTlsNowAsync().ConfigureAwait(false);
        await EhloAsync().ConfigureAwait(false);
        TellDifference(before);
    }

    void TellDifference(SmtpCapabilities before)
    {
        if (transcript.IsOn)
        {
            transcript.Info($"Under TLS more is offered: {Beyond(Capabilities, before)}; no longer: {Beyond(before, Capabilities)}");
        }

        static string Beyond(SmtpCapabilities these, SmtpCapabilities those) =>
            these.Keywords.Except(those.Keywords, StringComparer.OrdinalIgnoreCase).ToArray() is { Length: > 0 } words ? string.Join(", ", words) : "nothing";
    }

    void Require(int kind, string what)
    {
        var reply = _dialogue!.Reply;
        if (reply.Code / 100 == kind)
        {
            return;
        }

        if (reply.IsPositive)
        {
            throw new SessionBroken(SmtpFault.ProtocolViolation, $"The server answered {reply.Code} where {kind}00 or an error was due.");
        }

        throw new SmtpException(_stage, reply.Code == 421 ? SmtpFault.ServiceClosing : SmtpFault.CommandRefused, $"{what}: {reply}", reply);
    }

    SmtpException Explain(Exception exception)
    {
        if (exception is OperationCanceledException or IOException)
        {
            exception = deadline.Explain(exception, whileWriting: false);
        }

        return exception switch
        {
            SessionBroken { Fault: SmtpFault.Timeout } timeout when _stage == SmtpStage.Resolve
                => new SmtpException(_stage, SmtpFault.NameNotResolved, $"The name {ServerText.Clean(relay.Host)} was not resolved in time.", cause: timeout),
            SessionBroken { Fault: SmtpFault.Timeout } timeout when _stage == SmtpStage.Connect
                => new SmtpException(_stage, SmtpFault.Timeout, $"{ServerText.Clean(relay.Host)} port {relay.Port} did not answer in time.", cause: timeout),
            SessionBroken { Fault: SmtpFault.ConnectionLost } lost when _stage == SmtpStage.Connect && relay.Proxy is not null
                => new SmtpException(_stage, SmtpFault.ProxyFailed, "The proxy closed the connection.", cause: lost),
            SessionBroken broken => new SmtpException(_stage, broken.Fault, broken.Message, broken.Reply, cause: broken.InnerException ?? broken),
            _ => new SmtpException(_stage, SmtpFault.ConnectionLost, "The session could not be made.", cause: exception),
        };
    }

    async Task CloseAsync()
    {
        if (_stream is not null)
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
        }

        _socket?.Dispose();
    }
}
