using System.Text.Json.Nodes;
using MailPlugin.TestBed;

namespace MailPlugin.Tests.Transports.Programs;

/// <summary>Mode sendmail with the programs that people have: Postfix's in both styles, msmtp.</summary>
public sealed class RealSendmailTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [ServerTheory(Server.Postfix)]
    [InlineData("pipe")]
    [InlineData("smtp")]
    public async Task Postfix_takes_a_message_by_its_sendmail(string style)
    {
        await using var postfix = await PostfixServer.StartAsync();
        using var program = SendmailWrapper.Postfix(postfix);
        await using var host = await ModeHost.StartAsync(ModeHost.Sendmail(program.Path, style));
        var message = ModeHost.Message("a@reader.example");
        message["bcc"] = new JsonArray(new JsonObject { ["address"] = "hidden@reader.example" });
        message["envelopeFrom"] = "bounce+1@sender.example";

        var sent = await host.WaitAsync(await host.SubmitAsync(message), "sent");

        var received = await postfix.ReadMessagesAsync(2, Patience);
        Assert.Equal(["a@reader.example", "hidden@reader.example"], received.Select(one => one.OriginalTo).Order(StringComparer.Ordinal));
        Assert.All(received, one => Assert.Equal("bounce+1@sender.example", one.ReturnPath));
        Assert.All(received, one => Assert.EndsWith("\r\n\r\nfirst\r\n=2E\r\n=2E.two\r\nlast\r\n", one.Text, StringComparison.Ordinal));
        Assert.All(received, one => Assert.DoesNotContain("hidden", one.Text, StringComparison.Ordinal));
        Assert.All(received, one => Assert.Contains($"Message-ID: {sent["messageId"]}", one.Text, StringComparison.OrdinalIgnoreCase));
        Assert.Equal(style == "pipe" ? "-i -f bounce+1@sender.example -- a@reader.example hidden@reader.example" : "-bs", Assert.Single(program.Calls));
    }

    [ServerTheory(Server.Postfix)]
    [InlineData("pipe")]
    [InlineData("smtp")]
    public async Task Postfix_takes_what_is_strange_and_valid(string style)
    {
        await using var postfix = await PostfixServer.StartAsync();
        using var program = SendmailWrapper.Postfix(postfix);
        await using var host = await ModeHost.StartAsync(ModeHost.Sendmail(program.Path, style));
        var quoted = ModeHost.Message("\"c d\"@reader.example");
        quoted["envelopeFrom"] = "\"a b\"@sender.example";
        var nobody = ModeHost.Message("b@reader.example");
        nobody["envelopeFrom"] = "";
        var long_ = ModeHost.Message("c@reader.example");
        long_["text"] = string.Concat(Enumerable.Repeat(new string('x', 70) + "\n", 4_000));

        foreach (var message in new[] { quoted, nobody, long_ })
        {
            await host.WaitAsync(await host.SubmitAsync(message), "sent");
        }

        var received = await postfix.ReadMessagesAsync(3, Patience);
        Assert.Contains(received, one => one.ReturnPath == "\"a b\"@sender.example" && one.DeliveredTo.Contains("c d", StringComparison.Ordinal));
        Assert.Contains(received, one => one.ReturnPath.Length == 0 && one.DeliveredTo == "b@reader.example");
        Assert.Equal(4_000, received.Single(one => one.DeliveredTo == "c@reader.example").Text.Split("\r\n").Count(line => line.Length == 70 && line.Trim('x').Length == 0));
    }

    [ServerFact(Server.Postfix, Server.Python)]
    public async Task By_SMTP_each_recipient_has_an_answer_and_one_program_serves_many_messages()
    {
        // Postfix's own -bs asks nobody about recipients; the same server over its port does.
        await using var postfix = await PostfixServer.StartAsync();
        using var program = SendmailWrapper.Relay(postfix.Port);
        await using var host = await ModeHost.StartAsync(ModeHost.Sendmail(program.Path, "smtp"));

        var mixed = await host.WaitAsync(await host.SubmitAsync(ModeHost.Message("a@reader.example", "nobody@test.example")), "partial");
        var many = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => host.SubmitAsync(ModeHost.Message("many@reader.example"))));
        foreach (var id in many)
        {
            await host.WaitAsync(id, "sent");
        }

        Assert.StartsWith("250 2.0.0", mixed["recipients"]![0]!["reply"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.StartsWith("550 5.1.1", mixed["recipients"]![1]!["reply"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(41, (await postfix.ReadMessagesAsync(41, Patience)).Count);
        Assert.InRange(program.Calls.Count, 2, 41);
    }

    [ServerFact(Server.Postfix, Server.Python)]
    public async Task A_test_by_SMTP_shows_the_conversation()
    {
        await using var postfix = await PostfixServer.StartAsync();
        using var program = SendmailWrapper.Relay(postfix.Port);
        await using var host = await ModeHost.StartAsync(ModeHost.Sendmail(program.Path, "smtp"));

        var good = await host.TestAsync("a@reader.example");
        var refused = await host.TestAsync("nobody@test.example");

        Assert.True(good.Status == 200, good.Text);
        Assert.StartsWith("250 2.0.0", good["reply"], StringComparison.Ordinal);
        Assert.Equal((424, "relay-refused", "rcpt", "550 5.1.1 <nobody@test.example>: Recipient address rejected: no such user"), (refused.Status, refused.Slug, refused["stage"], refused["reply"]));
        var transcript = (await host.Host.GetAsync($"transcripts/{good["transcriptId"]}")).Text;
        Assert.Contains("220 localhost", transcript, StringComparison.Ordinal);
        Assert.Contains("-bs", transcript, StringComparison.Ordinal);
    }

    [ServerFact(Server.Msmtp)]
    public async Task A_program_that_does_not_speak_SMTP_is_told_by_its_own_words()
    {
        using var program = SendmailWrapper.Msmtp(1);
        await using var host = await ModeHost.StartAsync(ModeHost.Sendmail(program.Path, "smtp"));

        var answer = await host.TestAsync();

        Assert.Equal((424, "program-failed", "program"), (answer.Status, answer.Slug, answer["stage"]));
        Assert.Equal(64, answer.Json["exitCode"]!.GetValue<int>());
        Assert.Contains("msmtp", answer["stderr"], StringComparison.Ordinal);
    }

    [ServerFact(Server.Postfix, Server.Msmtp)]
    public async Task Msmtp_delivers_and_its_exit_codes_are_understood()
    {
        await using var postfix = await PostfixServer.StartAsync();
        using var program = SendmailWrapper.Msmtp(postfix.Port);
        using var dead = SendmailWrapper.Msmtp(FreePort.Next());
        await using var host = await ModeHost.StartAsync(ModeHost.Sendmail(program.Path));

        var mixed = await host.WaitAsync(await host.SubmitAsync(ModeHost.Message("a@reader.example", "nobody@test.example")), "partial");
        await host.WaitAsync(await host.SubmitAsync(ModeHost.Message("later@test.example")), "deferred");
        var received = await postfix.ReadMessagesAsync(1, Patience);
        await host.SaveAsync(ModeHost.Sendmail(dead.Path), ModeHost.Sendmail(program.Path));
        var rescued = await host.WaitAsync(await host.SubmitAsync(ModeHost.Message("c@reader.example")), "sent");

        Assert.Equal(["accepted", "failed"], mixed["recipients"]!.AsArray().Select(recipient => recipient!["state"]!.GetValue<string>()));
        Assert.Contains("550 5.1.1", mixed["recipients"]![1]!["reply"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(("a@reader.example", "sender@sender.example"), (received[0].OriginalTo, received[0].ReturnPath));
        Assert.StartsWith("exit code 75 (EX_TEMPFAIL): msmtp: cannot connect", rescued["attempts"]![0]!["reply"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [ServerFact(Server.Postfix, Server.Php)]
    public async Task Of_three_real_ways_the_first_two_of_which_are_dead_the_third_delivers()
    {
        await using var postfix = await PostfixServer.StartAsync();
        using var program = SendmailWrapper.Postfix(postfix);
        using var dead = new ClosedPort();
        using var ini = new PhpIni("disable_functions = mail");
        await using var host = await ModeHost.StartAsync(ModeHost.Smtp(dead.Port), ("php", new() { ["iniFile"] = ini.Path }), ModeHost.Sendmail(program.Path));

        var sent = await host.WaitAsync(await host.SubmitAsync(ModeHost.Message("a@reader.example")), "sent");

        Assert.Equal("a@reader.example", Assert.Single(await postfix.ReadMessagesAsync(1, Patience)).OriginalTo);
        Assert.Equal(["t1", "t2", "t3"], sent["attempts"]!.AsArray().Select(attempt => attempt!["transport"]!.GetValue<string>()));
        Assert.Equal(["deferred", "deferred", "accepted"], sent["attempts"]!.AsArray().Select(attempt => attempt!["outcome"]!.GetValue<string>()));
        Assert.Contains("Call to undefined function mail()", sent["attempts"]![1]!["reply"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("t3", sent["recipients"]![0]!["transport"]!.GetValue<string>());
    }
}
