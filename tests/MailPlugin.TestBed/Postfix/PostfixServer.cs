using System.Diagnostics;
using System.Text;

namespace MailPlugin.TestBed;

/// <summary>
/// A private Postfix on loopback: its own folder, its own free ports, nothing of /etc/postfix. It takes mail for every recipient of every domain
/// into one mailbox that <see cref="Mailbox"/> reads. It and its folder are gone after disposal, and when the test process dies.
/// </summary>
public sealed class PostfixServer : IAsyncDisposable
{
    // What "postfix check" makes in two seconds is made here at once: the spool's folders with their owners. The configuration is made to look
    // old, because Postfix reads a file younger than two seconds again and again until it is sure that nobody is still writing it.
    const string Functions = """
        start() {
          if [ ! -d "$P/spool" ]; then
            mkdir -p "$P/spool/pid" "$P/data" "$P/mail" "$P/log" &&
            ( cd "$P/spool" && mkdir active bounce corrupt defer deferred flush hold incoming private saved trace public maildrop &&
              chmod 700 active bounce corrupt defer deferred flush hold incoming private saved trace && chmod 710 public && chmod 1730 maildrop &&
              chown postfix active bounce corrupt defer deferred flush hold incoming private saved trace &&
              chown postfix:postdrop public maildrop ) &&
            chmod g+s "$P/spool/public" &&
            touch -d '1 hour ago' "$P/etc/main.cf" "$P/etc/master.cf" && chown -R root:root "$P/etc" "$P/pki" && chown -R postfix "$P/data" "$P/sasl" && chown "$OWNER" "$P/mail" &&
            : >"$P/log/mail.log" && chmod 644 "$P/log/mail.log" || return 1
          fi
          /usr/lib/postfix/sbin/master -c "$P/etc" -w >>"$P/log/master.out" 2>&1 </dev/null
        }
        alive() { ! over "$(tr -d ' ' 2>/dev/null <"$P/spool/pid/master.pid")"; }
        stop() {
          pid=$(tr -d ' ' 2>/dev/null <"$P/spool/pid/master.pid") || return 0
          [ -n "$pid" ] && grep -q postfix/sbin/master "/proc/$pid/cmdline" 2>/dev/null || return 0
          end "$pid" && rm -f "$P/spool/pid/master.pid"
        }
        """;

    readonly TempFolder _folder;
    readonly Keeper _keeper;

    PostfixServer(TempFolder folder, Keeper keeper, IReadOnlyList<int> ports, PostfixOptions options, ServerCertificate certificate)
    {
        _folder = folder;
        _keeper = keeper;
        (Port, TlsPort, SubmissionPort) = (ports[0], ports[1], ports[2]);
        Options = options;
        Certificate = certificate;
        Mailbox = new Mailbox(folder.Of("mail/all"), LogAsync);
    }

    /// <summary>The name of the certificate's holder, which resolves to the address listened on.</summary>
    public static string Host => "localhost";

    /// <summary>Plain, STARTTLS offered, AUTH offered before and after it; the sender needs no login.</summary>
    public int Port { get; }

    /// <summary>Implicit TLS.</summary>
    public int TlsPort { get; }

    /// <summary>STARTTLS, then AUTH: without TLS 530 5.7.0, without a login 554 5.7.1 at RCPT.</summary>
    public int SubmissionPort { get; }

    /// <summary>What it was started with.</summary>
    public PostfixOptions Options { get; }

    /// <summary>What it shows.</summary>
    public ServerCertificate Certificate { get; }

    /// <summary>Everything that was delivered.</summary>
    public Mailbox Mailbox { get; }

    /// <summary>The folder with main.cf; as root <c>/usr/sbin/sendmail -C folder</c> submits here.</summary>
    public string ConfigurationFolder => _folder.Of("etc");

    /// <summary>Starts a server and returns when it has answered.</summary>
    public static Task<PostfixServer> StartAsync(PostfixOptions? options = null) =>
        Launch.StartAsync(Server.Postfix, () => TryStartAsync(options ?? new PostfixOptions()));

    /// <summary>Waits until so many messages (one for each recipient) were delivered and returns all there are, oldest first.</summary>
    public Task<IReadOnlyList<ReceivedMessage>> ReadMessagesAsync(int count, TimeSpan timeout) => Mailbox.ReadAsync(count, timeout);

    /// <summary>What it logged so far.</summary>
    public async Task<string> LogAsync()
    {
        var text = new StringBuilder();
        foreach (var file in new[] { "log/master.out", "log/mail.log" }.Select(_folder.Of).Where(File.Exists))
        {
            text.Append(await File.ReadAllTextAsync(file));
        }

        return text.ToString();
    }

    /// <summary>Ends every session and closes the ports; mail and configuration stay for <see cref="StartAgainAsync"/>.</summary>
    public async Task StopAsync()
    {
        if (await _keeper.OrderAsync("stop") != 0)
        {
            throw new InvalidOperationException("Postfix did not stop.");
        }
    }

    /// <summary>Starts it again on the same ports.</summary>
    public async Task StartAgainAsync()
    {
        if (await _keeper.OrderAsync("start") != 0)
        {
            throw new InvalidOperationException($"Postfix did not start again: {await LogAsync()}");
        }
    }

    public ValueTask DisposeAsync() => _keeper.DisposeAsync();

    static async Task<(PostfixServer? Server, string Problem)> TryStartAsync(PostfixOptions options)
    {
        var folder = new TempFolder();
        var certificates = TestCertificates.Shared;
        var certificate = options.Certificate ?? (options.DebianDefault ? certificates.SelfSigned : certificates.Server);
        var ports = FreePort.Next(3);
        folder.Write("etc/main.cf", PostfixConfiguration.Main(folder.Path, options));
        folder.Write("etc/master.cf", PostfixConfiguration.Master(ports, options.DebianDefault));
        folder.Write("etc/sasl/smtpd.conf", PostfixConfiguration.Sasl(folder.Path, options));
        certificate.WriteTo(folder.Of("pki"));
        await MakeLoginAsync(folder, options);

        var owner = Environment.IsPrivilegedProcess ? "65534:65534" : Elevation.UserId;
        var keeper = Keeper.Start(folder, $"OWNER={owner}\n{Functions}", asRoot: true);
        var server = new PostfixServer(folder, keeper, ports, options, certificate);
        try
        {
            var code = await keeper.OrderAsync("start");
            if (code == 0 && ports.All(port => FreePort.Listeners(port) == 1) && await Greeting.HeardAsync(ports[0], TimeSpan.FromSeconds(15)))
            {
                return (server, "");
            }

            var problem = $"code {code}, ports {string.Join(' ', ports)}\n{await server.LogAsync()}";
            await keeper.DisposeAsync();
            return (null, problem);
        }
        catch
        {
            await keeper.DisposeAsync();
            throw;
        }
    }

    static async Task MakeLoginAsync(TempFolder folder, PostfixOptions options)
    {
        Directory.CreateDirectory(folder.Of("sasl"));
        string[] words = ["-p", "-c", "-f", folder.Of("sasl/sasldb2"), "-u", "bed", options.UserName];
        using var process = Process.Start(new ProcessStartInfo("/usr/sbin/saslpasswd2", words) { RedirectStandardInput = true, RedirectStandardError = true })!;
        await process.StandardInput.WriteAsync(options.Password);
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        await process.WaitForExitAsync(patience.Token);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"saslpasswd2: {await process.StandardError.ReadToEndAsync(patience.Token)}");
        }
    }
}
