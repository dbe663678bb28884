using System.Globalization;
using System.Text.Json.Nodes;
using MailPlugin.Diagnostics.Causes;
using MailPlugin.Diagnostics.TestMail;
using MailPlugin.Diagnostics.Transcripts;
using MailPlugin.Http;
using MailPlugin.Http.Binding;
using MailPlugin.Smtp;

namespace MailPlugin.Diagnostics.Doctor;

/// <summary>Turns what happens on a session into steps, as it happens; the lines go on into a transcript.</summary>
internal sealed class SessionWatch(SmtpRelay relay, TestTarget target, TranscriptRecorder? transcript, Findings findings) : ISmtpTranscript
{
    long _mark = findings.Mark();
    bool _offersTold;

    public SessionSight Sight { get; } = new();

    public SmtpTranscriptContent Content => SmtpTranscriptContent.None;

    bool TlsIsOpportunistic => relay.Security is SmtpSecurity.StartTlsIfOffered;

    public void Write(in SmtpTranscriptLine line) => transcript?.Write(line);

    public void Observe(SmtpEvent happened)
    {
        Sight.Observe(happened);
        switch (happened)
        {
            case SmtpEvent.ProxyAnswered proxy:
                Tell(StepName.Proxy, HostPort.Of(relay.Proxy!.Host, relay.Proxy.Port), proxy.Answer == SmtpProxyAnswer.Opened, Describe(proxy.Answer));
                break;
            case SmtpEvent.Overheard overheard:
                Tell(StepName.Greeting, null, false, Describe(overheard), new() { ["speech"] = EnumText.Of(overheard.Speech) });
                break;
            case SmtpEvent.Greeted greeted:
                Tell(StepName.Greeting, null, greeted.Reply.IsPositive, Words(greeted.Reply));
                break;
            case SmtpEvent.Offered { Tls: true } offered when Sight.OfferedPlain is { } before:
                TellDifference(before, offered.Capabilities);
                break;
            case SmtpEvent.Offered offered:
                Tell(StepName.Ehlo, null, true, Offers(offered.Capabilities), new() { ["capabilities"] = List(offered.Capabilities.Keywords) });
                break;
            case SmtpEvent.StartTlsAnswered answered:
                Tell(StepName.StartTls, null, answered.Reply.IsPositive ? StepOutcome.Ok : TlsIsOpportunistic ? StepOutcome.Warning : StepOutcome.Failed, Words(answered.Reply));
                break;
            case SmtpEvent.ClientCertificateAsked:
                findings.Add(StepName.Tls, "client certificate", StepOutcome.Ok, _mark, relay.ClientCertificate is null
                    ? new("The server asks for a certificate of ours; none is set.", "服务器要求客户端证书，但未配置。")
                    : new("The server asks for a certificate of ours; it is shown.", "服务器要求客户端证书，已出示。"));
                break;
            case SmtpEvent.CertificateJudged judged:
                TellChain(judged);
                break;
            case SmtpEvent.Secured secured:
                Tell(StepName.Tls, null, secured.Tls.CertificateProblem is null ? StepOutcome.Ok : StepOutcome.Warning, new(secured.Tls.ToString(), secured.Tls.ToString()));
                break;
            case SmtpEvent.LoginAnswered answered:
                TellOffers();
                Tell(StepName.Auth, answered.Mechanism, answered.Reply.Code == 235, Words(answered.Reply));
                break;
        }
    }

    /// <summary>What the server offers to sign in with, and whether that fits; once.</summary>
    public void TellOffers()
    {
        if (_offersTold || Sight.Offered is not { } capabilities)
        {
            return;
        }

        _offersTold = true;
        var wanted = target.SignsIn ? EnumText.Of(relay.Auth) : null;
        var offered = string.Join(", ", capabilities.AuthMechanisms);
        var fits = wanted is null || capabilities.CanLogIn(relay.Auth, isToken: target.Transport.Smtp?.OAuth is not null);
        var what = offered.Length > 0 ? offered : "–";
        Tell(StepName.AuthOffers, null, fits ? StepOutcome.Ok : StepOutcome.Failed, wanted is null
            ? new($"Offered: {what}. No sign-in is set.", $"提供：{what}。未配置登录。")
            : new($"Offered: {what}. Set: {wanted}.", $"提供：{what}。设置为：{wanted}。"),
            new() { ["offered"] = List(capabilities.AuthMechanisms), ["wanted"] = wanted });
    }

    void TellDifference(SmtpCapabilities before, SmtpCapabilities after)
    {
        var added = after.Keywords.Except(before.Keywords, StringComparer.OrdinalIgnoreCase).ToList();
        var gone = before.Keywords.Except(after.Keywords, StringComparer.OrdinalIgnoreCase).ToList();
        Tell(StepName.Capabilities, null, StepOutcome.Ok, (added.Count, gone.Count) switch
        {
            (0, 0) => new("The same under TLS as before.", "TLS 前后一致。"),
            _ => new($"Only under TLS: {Join(added)}. Gone under TLS: {Join(gone)}.", $"仅 TLS 下提供：{Join(added)}。TLS 下不再提供：{Join(gone)}。"),
        }, new() { ["added"] = List(added), ["removed"] = List(gone), ["capabilities"] = List(after.Keywords) });

        static string Join(List<string> words) => words.Count == 0 ? "–" : string.Join(", ", words);
    }

    void TellChain(SmtpEvent.CertificateJudged judged)
    {
        for (var place = 0; place < judged.Chain.Count; place++)
        {
            var link = judged.Chain[place];
            var problem = place == 0 ? judged.Certificate.Problem : null;
            var isBad = problem is not null || (judged.Certificate.Problem is not null && link.Problems.Count > 0);
            var data = CertificateJson.Of(link, place, place == 0 ? judged.Certificate.Names : [], problem);
            var dates = string.Create(CultureInfo.InvariantCulture, $"{link.NotBefore:yyyy-MM-dd} – {link.NotAfter:yyyy-MM-dd}");
            var why = problem is not null ? judged.Certificate.Detail : isBad ? string.Join(", ", link.Problems) : null;
            findings.Add(StepName.Certificate, link.Subject, !isBad ? StepOutcome.Ok : TlsIsOpportunistic ? StepOutcome.Warning : StepOutcome.Failed, _mark, new(
                $"{(why is null ? "" : why + " ")}Issued by {link.Issuer}, {dates}, SHA-256 {link.Sha256}.",
                $"{(why is null ? "" : why + " ")}签发者 {link.Issuer}，有效期 {dates}，SHA-256 {link.Sha256}。"), data);
        }
    }

    void Tell(string step, string? target, bool ok, LocalizedText detail, JsonObject? data = null) =>
        Tell(step, target, ok ? StepOutcome.Ok : StepOutcome.Failed, detail, data);

    void Tell(string step, string? target, StepOutcome outcome, LocalizedText detail, JsonObject? data = null)
    {
        findings.Add(step, target, outcome, _mark, detail, data);
        _mark = findings.Mark();
    }

    static LocalizedText Words(SmtpReply reply) => new(reply.ToString(), reply.ToString());

    static LocalizedText Offers(SmtpCapabilities capabilities) => capabilities.Keywords.Count == 0
        ? new("It knows HELO alone.", "仅支持 HELO。")
        : new(string.Join(", ", capabilities.Keywords), string.Join(", ", capabilities.Keywords));

    static LocalizedText Describe(SmtpProxyAnswer answer) => answer switch
    {
        SmtpProxyAnswer.Opened => new("It made the connection to the relay.", "代理已连接到邮件服务器。"),
        SmtpProxyAnswer.NoProxy => new("What answers there is no proxy of this kind.", "该处的服务不是此类代理。"),
        SmtpProxyAnswer.LoginRefused => new("It refuses the sign-in.", "代理拒绝了登录。"),
        SmtpProxyAnswer.NotAllowed => new("Its rules do not allow a connection to the relay.", "代理规则不允许连接该邮件服务器。"),
        SmtpProxyAnswer.RelayUnreachable => new("It could not reach the relay.", "代理无法到达邮件服务器。"),
        _ => new("It gave up.", "代理未能完成。"),
    };

    static LocalizedText Describe(SmtpEvent.Overheard heard) => heard.Speech switch
    {
        SmtpPortSpeech.SmtpOverTls => new("In plain text nothing is said; under TLS a mail server greets.", "明文无响应；TLS 下有邮件服务器问候。"),
        SmtpPortSpeech.Tls => new("In plain text nothing is said; TLS is answered.", "明文无响应；有 TLS 应答。"),
        SmtpPortSpeech.Smtp => new($"A mail server speaks plain text here: {heard.Text}", $"此处邮件服务器使用明文：{heard.Text}"),
        _ => new($"No mail server speaks here ({EnumText.Of(heard.Speech)}): {heard.Text}", $"此处不是邮件服务器（{EnumText.Of(heard.Speech)}）：{heard.Text}"),
    };

    static JsonArray List(IEnumerable<string> words) => new([.. words.Select(word => JsonValue.Create(word))]);
}
