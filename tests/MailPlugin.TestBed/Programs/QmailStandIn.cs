namespace MailPlugin.TestBed;

/// <summary>
/// Stands where <c>/var/qmail/bin/sendmail</c> would, because no package brings qmail any more, and does what the manuals of its <c>sendmail</c> and of <c>qmail-inject</c> say: options as they name
/// them and exit 100 for any other, recipients from the arguments unless <c>-t</c> asks for the header's, Bcc and Return-Path taken out, a line ends in LF alone and a CR is a letter like any
/// other, exit 111 while the queue cannot be had. The queue is a relay on loopback.
/// </summary>
public sealed class QmailStandIn : IDisposable
{
    readonly TempFolder _folder = new();

    /// <param name="port">The relay's port on loopback; no TLS, no login.</param>
    public QmailStandIn(int port)
    {
        Requirement.Demand(Server.Python);
        var program = _folder.Write("qmail.py", $$"""
            import email.utils, getopt, os, re, smtplib, sys, time

            def end(code, words):
                sys.stderr.write(words + '\n')
                sys.exit(code)

            try:
                options, recipients = getopt.getopt(sys.argv[1:], 'vimte:f:p:o:B:F:EJxb:')
            except getopt.GetoptError:
                end(100, 'sendmail: usage: sendmail [ -t ] [ -fsender ] [ -Fname ] [ -bp ] [ -bs ] [ arg ... ]')
            options = dict(options)
            header, _, body = sys.stdin.buffer.read().partition(b'\n\n')
            fields = re.split(rb'\n(?![ \t])', header)
            name = lambda field: field.split(b':')[0].strip().lower()
            if '-t' in options:
                to = [field.split(b':', 1)[1].decode('latin-1') for field in fields if name(field) in (b'to', b'cc', b'bcc')]
                recipients += [address for _, address in email.utils.getaddresses(to)]
            if not recipients:
                end(100, 'qmail-inject: fatal: no recipients')
            kept = [field for field in fields if name(field) not in (b'bcc', b'return-path', b'content-length')]
            trace = '(qmail %d invoked by uid %d); %s' % (os.getpid(), os.getuid(), time.strftime('%d %b %Y %H:%M:%S -0000', time.gmtime()))
            message = b'\n'.join([b'Received: ' + trace.encode()] + kept) + b'\n\n' + body
            try:
                with smtplib.SMTP('127.0.0.1', {{port}}, timeout=20) as relay:
                    relay.sendmail(options.get('-f', 'anonymous@localhost'), recipients, message.replace(b'\n', b'\r\n'))
            except OSError:
                end(111, 'qmail-inject: fatal: qq temporary problem (#4.3.0)')

            """);
        Path = Script.Write(_folder, "sendmail", $"""
            printf '%s\n' "$*" >>{Script.Quote(_folder.Of("calls"))}
            exec /usr/bin/python3 {Script.Quote(program)} "$@"
            """);
    }

    /// <summary>Absolute path of the program.</summary>
    public string Path { get; }

    /// <summary>The arguments of each call, with blanks between them.</summary>
    public IReadOnlyList<string> Calls => File.Exists(_folder.Of("calls")) ? File.ReadAllLines(_folder.Of("calls")) : [];

    public void Dispose() => _folder.Dispose();
}
