namespace MailPlugin.TestBed;

/// <summary>
/// A program at a path of its own that calls somebody's mail program with arguments in front, and writes down how it was called: the environment of those who call it is cleaned, so that nothing
/// but the path can say which configuration is meant.
/// </summary>
public sealed class SendmailWrapper : IDisposable
{
    readonly TempFolder _folder = new();

    SendmailWrapper(Func<TempFolder, string> command)
    {
        Path = Script.Write(_folder, "sendmail", $"""
            printf '%s\n' "$*" >>{Script.Quote(_folder.Of("calls"))}
            exec {command(_folder)} "$@"
            """);
    }

    /// <summary>Absolute path of the program.</summary>
    public string Path { get; }

    /// <summary>The arguments of each call, with blanks between them.</summary>
    public IReadOnlyList<string> Calls => File.Exists(_folder.Of("calls")) ? File.ReadAllLines(_folder.Of("calls")) : [];

    /// <summary>Postfix's own sendmail, on a private instance. As root alone: Postfix takes a configuration folder from nobody else.</summary>
    public static SendmailWrapper Postfix(PostfixServer server) => new(_ => $"/usr/sbin/sendmail -C {Script.Quote(server.ConfigurationFolder)}");

    /// <summary>msmtp, which speaks SMTP with a relay while its caller waits.</summary>
    /// <param name="port">The relay's port on loopback; no TLS, no login.</param>
    public static SendmailWrapper Msmtp(int port, string more = "")
    {
        Requirement.Demand(Server.Msmtp);
        return new(folder => $"/usr/bin/msmtp -C {Script.Quote(folder.Write("rc", $"""
            defaults
            syslog off
            account default
            host 127.0.0.1
            port {port}
            auth off
            tls off
            timeout 20
            from env@sender.example
            allow_from_override on
            {more}

            """))}");
    }

    /// <summary>A sendmail whose <c>-bs</c> is a relay on loopback: what it says comes from there.</summary>
    public static SendmailWrapper Relay(int port)
    {
        Requirement.Demand(Server.Python);
        return new(folder => $"/usr/bin/python3 {Script.Quote(folder.Write("relay.py", $$"""
            import os, socket, threading
            relay = socket.create_connection(('127.0.0.1', {{port}}))
            def copy(read, write, end):
                while True:
                    data = read()
                    if not data: break
                    write(data)
                end()
            up = threading.Thread(target=copy, args=(lambda: os.read(0, 65536), relay.sendall, lambda: relay.shutdown(socket.SHUT_WR)), daemon=True)
            up.start()
            def answer(data):
                while data: data = data[os.write(1, data):]
            copy(lambda: relay.recv(65536), answer, lambda: None)

            """))}");
    }

    public void Dispose() => _folder.Dispose();
}
