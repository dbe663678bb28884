using MailPlugin.Smtp.Mime;
using MailPlugin.TestBed;

namespace MailPlugin.Smtp.Tests;

public sealed class EximFixture : IAsyncDisposable
{
    internal ServerFixture<EximServer> Server { get; } = new(EximServer.StartAsync);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>Exim enforces the order of commands and keeps an envelope that Postfix would forget.</summary>
public sealed class EximTests(EximFixture fixture) : IClassFixture<EximFixture>
{
    [ServerTheory(Server.Exim)]
    [InlineData(SmtpAuth.Plain)]
    [InlineData(SmtpAuth.Login)]
    [InlineData(SmtpAuth.CramMd5)]
    public async Task It_takes_a_message_from_who_signed_in(SmtpAuth auth)
    {
        var server = await fixture.Server.GetAsync();
        await using var session = await SmtpSession.ConnectAsync(BedRelay.For(server.SubmissionPort, SmtpSecurity.StartTls) with
        {
            Auth = auth,
            Credentials = SmtpCredentials.WithPassword(EximServer.UserName, new SmtpSecret(EximServer.Password)),
        });
        Assert.True(session.Capabilities is { Chunking: true, Pipelining: true, SmtpUtf8: true });
        Assert.Equal(SmtpVerdict.Accepted, (await session.SendAsync(Some.Transaction($"{auth}@server.example"))).Verdict);
    }

    [ServerTheory(Server.Exim)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_RSET_case_content_behind_a_refused_envelope_never_joins_the_next_message(bool tls)
    {
        await using var server = await EximServer.StartAsync();
        await using var session = await SmtpSession.ConnectAsync(tls ? BedRelay.For(server.TlsPort, SmtpSecurity.ImplicitTls) : BedRelay.For(server.Port));
        var outcomes = await session.SendAllAsync([.. Enumerable.Range(0, 12).Select(i => new SmtpTransaction(
            $"s{i}@client.example",
            i % 3 == 1 ? ["nobody@test.example", "later@test.example"] : [$"r{i}@server.example"],
            Some.Content($"Subject: number {i}.\r\n\r\n")))]);
        Assert.Equal(Enumerable.Range(0, 12).Select(i => i % 3 == 1 ? SmtpVerdict.Refused : SmtpVerdict.Accepted), outcomes.Select(outcome => outcome.Verdict));
        var arrived = await server.ReadMessagesAsync(8, BedRelay.Patience);
        Assert.Equal(8, arrived.Count);
        foreach (var message in arrived)
        {
            var number = message.OriginalTo[1..message.OriginalTo.IndexOf('@')];
            Assert.Contains($"number {number}.", message.Text, StringComparison.Ordinal);
            Assert.Equal($"s{number}@client.example", message.ReturnPath);
        }
    }

    [ServerFact(Server.Exim)]
    public async Task A_non_ASCII_address_and_a_large_message_arrive()
    {
        await using var server = await EximServer.StartAsync();
        await using var session = await SmtpSession.ConnectAsync(BedRelay.For(server.Port));
        using var big = new MessageComposer().Compose(BedRelay.HardMessages().Single(hard => hard.Name == "attachment").Draft);
        var outcomes = await session.SendAllAsync(Some.Transaction("用户@server.example"), BedRelay.Transaction(big, "big@server.example"), Some.Transaction("last@server.example"));
        Assert.All(outcomes, outcome => Assert.Equal(SmtpVerdict.Accepted, outcome.Verdict));
        var arrived = await server.ReadMessagesAsync(3, BedRelay.Patience);
        Assert.Equal(big.Header.Length + 2 + big.Body.Length, arrived.Max(message => message.Content.Length));
    }
}
