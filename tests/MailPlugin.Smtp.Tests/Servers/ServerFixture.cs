using MailPlugin.Smtp.Mime;
using MailPlugin.TestBed;

namespace MailPlugin.Smtp.Tests;

/// <summary>A real server that the tests of a class share: started when the first one asks, so that none is started where all are skipped.</summary>
public sealed class ServerFixture<T>(Func<Task<T>> start) : IAsyncDisposable
    where T : class, IAsyncDisposable
{
    readonly SemaphoreSlim _gate = new(1);
    T? _server;

    internal async Task<T> GetAsync()
    {
        await _gate.WaitAsync();
        try
        {
            return _server ??= await start();
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _gate.Dispose();
    }
}

/// <summary>Relays as the test bed's servers want them.</summary>
static class BedRelay
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    internal static SmtpRelay For(int port, SmtpSecurity security = SmtpSecurity.None) => new()
    {
        Host = "localhost",
        Port = port,
        Security = security,
        CertificateTrust = new SmtpCertificateTrust.CustomCa(TestCertificates.Shared.AuthorityPem),
    };

    /// <summary>Messages of all kinds that are hard to carry, composed by the library itself.</summary>
    internal static IReadOnlyList<(string Name, MessageDraft Draft)> HardMessages()
    {
        var from = MailboxAddress.Parse("sender@client.example", "Ä Sender");
        MessageDraft Draft(string subject, string text) => new()
        {
            From = from,
            To = [MailboxAddress.Parse("reader@server.example", "读者")],
            Subject = subject,
            TextBody = text,
        };

        var big = new byte[12 * 1024 * 1024];
        new Random(12).NextBytes(big);
        return
        [
            ("chinese", Draft("你好，世界：一个相当长的主题，它必须折成好几行才行，因为它太长了", "中文正文。\r\n第二行。\r\n")),
            ("arabic", Draft("مرحبا بالعالم", "نص عربي\r\n")),
            ("emoji", Draft("🎉 party 👩‍👩‍👧", "🎉🎉🎉\r\n")),
            ("dots", Draft("dots", ".\r\n..\r\n...\r\n.a\r\n" + string.Concat(Enumerable.Repeat(".\r\n", 500)))),
            ("long lines", Draft("long", string.Concat(Enumerable.Range(0, 20).Select(i => new string((char)('a' + i), 1000) + "\r\n")))),
            ("attachment", Draft("12 MB", "see there\r\n") with { Attachments = [Attachment.FromBytes("Übersicht 表.bin", "application/octet-stream", big)] }),
        ];
    }

    internal static SmtpTransaction Transaction(ComposedMessage message, params string[] recipients)
        => new("bounce@client.example", [.. recipients.Select(SmtpRecipient.FromString)], SmtpContent.FromMessage(message.Header, message.Body));
}
