using System.Buffers;
using System.Security.Cryptography;
using MailPlugin.Smtp.Mime;

namespace MailPlugin.Benchmarks;

/// <summary>P5 and P10: composing and signing against the signature that the platform's own RSA makes, in turns, so that both see the same machine.</summary>
internal static class ComposerProgram
{
    static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static void Run(Effort effort)
    {
        var rounds = effort.Rounds * 3;
        var turn = TimeSpan.FromMilliseconds(Math.Max(50, 400 * effort.Scale));
        using var rsa = RSA.Create(2048);
        if (!DkimSigner.TryCreate("bench.example", "s1", rsa.ExportPkcs8PrivateKeyPem(), out var signer, out var fault))
        {
            throw new InvalidOperationException(fault.ToString());
        }

        using var _ = signer;
        var composer = new MessageComposer();
        var draft = Draft();
        using var message = composer.Compose(draft);
        var header = message.Header.ToArray();
        var body = new ReadOnlySequence<byte>(message.Body.ToArray());
        var toSign = header.AsSpan(0, Math.Min(500, header.Length)).ToArray();

        Action compose = () => composer.Compose(draft).Dispose();
        Action sign = () => signer.Sign(HeaderBlock.Parse(header), body, Noon);
        Action bare = () => rsa.SignData(toSign, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        Action[] all = [compose, sign, bare];
        Array.ForEach(all, action => Turn.Measure(action, turn));

        var report = new Report("Composer and DKIM", rounds);
        Samples composed = new(), composedBytes = new(), signed = new(), signedBytes = new(), rsaAlone = new();
        for (var round = 0; round < rounds; round++)
        {
            // The signature alone before and after each: a machine that slows down in between does so for both.
            var before = Turn.Measure(bare, turn / 2).Rate;
            var (composeRate, composeBytes) = Turn.Measure(compose, turn);
            var (signRate, signBytes) = Turn.Measure(sign, turn);
            var after = Turn.Measure(bare, turn / 2).Rate;
            rsaAlone.Add((before + after) / 2);
            composed.Add(composeRate);
            composedBytes.Add(composeBytes);
            signed.Add(signRate);
            signedBytes.Add(signBytes);
        }

        report.Add("", "RSA.SignData, RSA-2048, SHA-256", "per CPU second", rsaAlone);
        report.Add("P5", $"compose multipart/alternative, {message.Size:N0} bytes", "per CPU second", composed);
        report.Add("P5", "compose / RSA.SignData", "ratio", composed.Over(rsaAlone), ">= 6.5");
        report.Add("P5", "compose, allocated", "bytes", composedBytes, "<= 13824");
        report.Add("P10", "DKIM signature over that message, its header parsed too", "per CPU second", signed);
        report.Add("P10", "DKIM / RSA.SignData", "ratio", signed.Over(rsaAlone), ">= 0.7");
        report.Add("", "DKIM, allocated", "bytes", signedBytes);
        report.Print(Console.Out);
    }

    static MessageDraft Draft() => new()
    {
        From = MailboxAddress.Parse(LoadMail.Sender, "Jürgen Müller"),
        To = [MailboxAddress.Parse(LoadMail.Recipient, "A recipient")],
        Subject = "Ihre Bestellung ist unterwegs: Größe M",
        TextBody = LoadMail.Text(2_300).Replace("people write it", "Leute schreiben: schöne Grüße", StringComparison.Ordinal),
        HtmlBody = "<!doctype html><html><body>" + LoadMail.Text(3_900).Replace("A line", "<p class=\"x\">Eine schöne Zeile", StringComparison.Ordinal).Replace("\r\n", "</p>\r\n", StringComparison.Ordinal) + "</body></html>",
        Date = Noon,
    };
}
