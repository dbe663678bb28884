namespace MailPlugin.Smtp.Tests;

/// <summary>
/// Two messages with two recipients each, sent behind one another to servers that refuse at random: no message may reach a recipient of
/// another, and every outcome must be what really happened.
/// </summary>
public sealed class TruthOfOutcomesTests
{
    const int Cases = 1_250;

    [Theory]
    [InlineData(1, false, false)]
    [InlineData(2, true, false)]
    [InlineData(3, false, true)]
    [InlineData(4, true, true)]
    public Task No_message_reaches_a_recipient_of_another(int seed, bool likeExim, bool chunking)
        => RunAsync(seed, new ModelServer(seed, likeExim, Capabilities(chunking)), mayBeUncertain: false);

    [Theory]
    [InlineData(5, false, false)]
    [InlineData(6, true, false)]
    [InlineData(7, false, true)]
    [InlineData(8, true, true)]
    public Task Every_outcome_is_true_when_sessions_break(int seed, bool likeExim, bool chunking)
        => RunAsync(seed, new ModelServer(seed, likeExim, Capabilities(chunking)) { AlsoBreaks = true, AlsoRefusesReset = !chunking }, mayBeUncertain: true);

    [Theory]
    [InlineData(9, false)]
    [InlineData(10, true)]
    public Task No_message_reaches_a_recipient_of_another_in_lock_step(int seed, bool likeExim)
        => RunAsync(seed, new ModelServer(seed, likeExim), mayBeUncertain: false, cases: 250);

    static string[] Capabilities(bool chunking) => chunking ? ["PIPELINING", "CHUNKING"] : ["PIPELINING"];

    static async Task RunAsync(int seed, ModelServer model, bool mayBeUncertain, int cases = Cases)
    {
        await using var server = new FakeServer(model.ServeAsync);
        var session = default(SmtpSession);
        var seen = new Dictionary<SmtpResult, int>();
        for (var i = 0; i < cases; i++)
        {
            if (session is not { IsUsable: true })
            {
                await (session?.DisposeAsync() ?? default);
                session = await SmtpSession.ConnectAsync(server.Relay with { Host = "127.0.0.1" });
            }

            var outcomes = await session.SendAllAsync(Message(i, 1), Message(i, 2));
            Assert.Empty(server.Faults);
            if (outcomes.Count < 2)
            {
                // What was never taken from the source has no outcome, and cannot have gone anywhere.
                Assert.True(mayBeUncertain && !session.IsUsable);
                Assert.All(Message(i, 2).Recipients, r => Assert.False(model.Delivered.ContainsKey(r.Address)));
            }

            foreach (var recipient in outcomes.SelectMany(outcome => outcome.Recipients.Select(r => (outcome, r))))
            {
                Check(recipient.outcome, recipient.r, model, $"seed {seed}, case {i}");
                seen[recipient.r.Result] = seen.GetValueOrDefault(recipient.r.Result) + 1;
            }
        }

        await (session?.DisposeAsync() ?? default);

        // A run that never met the cases it is made for would prove nothing.
        Assert.True(seen.GetValueOrDefault(SmtpResult.Accepted) > cases / 4);
        Assert.True(seen.GetValueOrDefault(SmtpResult.Refused) > cases / 4);
        Assert.Equal(mayBeUncertain, seen.GetValueOrDefault(SmtpResult.NotSent) > 0);
        Assert.Equal(mayBeUncertain, seen.GetValueOrDefault(SmtpResult.Uncertain) > 0);
    }

    static void Check(SmtpOutcome outcome, SmtpRecipientOutcome recipient, ModelServer model, string where)
    {
        var got = model.Delivered.GetValueOrDefault(recipient.Recipient.Address) ?? [];
        var message = (string)outcome.Transaction.State!;
        Assert.All(got, content => Assert.Contains(message, content, StringComparison.Ordinal));
        var right = recipient.Result switch
        {
            SmtpResult.Accepted => got.Count == 1,
            SmtpResult.Uncertain => got.Count <= 1,
            _ => got.Count == 0,
        };
        Assert.True(right, $"{where}: {recipient} of {message} was delivered {got.Count} times; {outcome.Fault} {outcome.Detail}");
        Assert.Equal(recipient.Result == SmtpResult.Refused || recipient.Result == SmtpResult.Accepted, recipient.Reply is not null && recipient.Result != SmtpResult.NotSent);
    }

    static SmtpTransaction Message(int run, int number)
    {
        var name = $"m{run}-{number}.";
        return new SmtpTransaction("a@client.test", [$"{name}x@server.test", $"{name}y@server.test"], Some.Content($"Subject: {name}\r\n\r\n{name}\r\n"))
        {
            State = name,
        };
    }
}
