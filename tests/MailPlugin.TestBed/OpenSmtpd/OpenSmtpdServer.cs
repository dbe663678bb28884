namespace MailPlugin.TestBed;

/// <summary>
/// A private OpenSMTPD, plain SMTP only: it offers no PIPELINING and answers 500 to whoever pipelines unasked. Its package conflicts with
/// Postfix's, so that it is unpacked and laid over /usr in a mount namespace of its own.
/// </summary>
public sealed class OpenSmtpdServer : IAsyncDisposable
{
    readonly ServerProcess _process;

    OpenSmtpdServer(ServerProcess process, int port)
    {
        _process = process;
        Port = port;
        Mailbox = new Mailbox(process.Folder.Of("mail"), process.OutputAsync);
    }

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Everything that was delivered.</summary>
    public Mailbox Mailbox { get; }

    /// <summary>Starts a server and returns when it has answered.</summary>
    public static Task<OpenSmtpdServer> StartAsync() => Launch.StartAsync(Server.OpenSmtpd, async () =>
    {
        var folder = new TempFolder();
        var port = FreePort.Next();
        folder.Write("smtpd.conf", $$"""
            listen on 127.0.0.1 port {{port}}
            action "all" maildir "{{folder}}/mail" virtual { "@" = bedmail }
            match from any for any action "all"

            """);
        var process = await ServerProcess.StartAsync(folder, Script(folder.Path), asRoot: true);
        if (await process.AnswersAsync(port))
        {
            return (new OpenSmtpdServer(process, port), "");
        }

        var output = await process.OutputAsync();
        await process.DisposeAsync();
        return ((OpenSmtpdServer?)null, output);
    });

    /// <summary>Waits until so many messages (one for each recipient) were delivered and returns all there are, oldest first.</summary>
    public Task<IReadOnlyList<ReceivedMessage>> ReadMessagesAsync(int count, TimeSpan timeout) => Mailbox.ReadAsync(count, timeout);

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    // Its users' names and its folders are built in: the namespace gets accounts and folders of its own.
    static string Script(string folder) => $$"""
        P={{folder}}
        mkdir -p $P/mail
        { cat /etc/passwd; echo 'opensmtpd:x:64995:64995::/:/usr/sbin/nologin'; echo 'opensmtpq:x:64996:64996::/:/usr/sbin/nologin'
          echo 'bedmail:x:{{Owner}}:65534::{{folder}}/mail:/bin/sh'; } >$P/passwd
        { cat /etc/group; echo 'opensmtpd:x:64995:'; echo 'opensmtpq:x:64996:'; } >$P/group
        chown {{Owner}} $P/mail
        chown root $P/smtpd.conf
        exec unshare -m /bin/sh -c "mount --bind $P/passwd /etc/passwd && mount --bind $P/group /etc/group &&
          mount -t tmpfs tmpfs /var/spool && mkdir -m 711 /var/spool/smtpd && mount -t tmpfs tmpfs /run &&
          mount -t tmpfs tmpfs /var/lib && mkdir -p -m 755 /var/lib/opensmtpd/empty &&
          mount -t overlay overlay -o lowerdir={{BedFolder.Of("opensmtpd")}}/usr:/usr /usr && exec /usr/sbin/smtpd -d -f $P/smtpd.conf"
        """;

    static string Owner => Environment.IsPrivilegedProcess ? "65532" : Elevation.UserId;
}
