namespace MailPlugin.Smtp.Tests;

public sealed class WaitingTests
{
    [Fact]
    public async Task A_server_that_answers_the_dot_after_45_seconds_gets_exactly_one_copy()
    {
        var copies = 0;
        var time = new ManualTime();
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync();
            await talk.ExpectAsync("MAIL FROM:<a@client.test>");
            await talk.SayAsync("250 ok");
            await talk.ExpectAsync("RCPT TO:<b@server.test>");
            await talk.SayAsync("250 ok");
            await talk.ExpectAsync("DATA");
            await talk.SayAsync("354 go");
            await talk.ReadContentAsync();
            copies++;

            // Every other timeout is shorter than this.
            for (var second = 0; second < 45; second++)
            {
                time.Advance(TimeSpan.FromSeconds(1));
                await Task.Delay(5, talk.Stop);
            }

            await talk.SayAsync("250 queued at last");
            await talk.StallAsync();
        });
        await using var session = await SmtpSession.ConnectAsync(server.Relay with { Timeouts = new SmtpTimeouts() }, timeProvider: time);
        var outcome = await session.SendAsync(Some.Transaction());
        Assert.Equal(SmtpVerdict.Accepted, outcome.Verdict);
        Assert.Equal(TimeSpan.FromSeconds(45), outcome.Duration);
        Assert.Equal(1, copies);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_server_that_reads_nothing_is_given_up()
    {
        var time = new ManualTime();
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync();
            foreach (var reply in new[] { "250 ok", "250 ok", "354 go" })
            {
                await talk.ReadLineAsync();
                await talk.SayAsync(reply);
            }

            await Task.Delay(Timeout.Infinite, talk.Stop);
        });
        await using var session = await SmtpSession.ConnectAsync(server.Relay, timeProvider: time);
        var run = session.SendAsync(new SmtpTransaction("a@client.test", ["b@server.test"], SmtpContent.FromMemory(new byte[50_000_000])));
        await time.PassUntilAsync(run, TimeSpan.FromSeconds(10));
        var outcome = await run;
        Assert.Equal((SmtpFault.Timeout, SmtpVerdict.NotSent, SmtpStage.Content), (outcome.Fault, outcome.Verdict, outcome.Stage));
    }

    [Fact]
    public async Task Canceling_before_content_throws()
    {
        using var cancel = new CancellationTokenSource();
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync();
            await talk.ExpectAsync("MAIL FROM:<a@client.test>");
            await cancel.CancelAsync();
            await talk.StallAsync();
        });
        await using var session = await SmtpSession.ConnectAsync(server.Relay);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.SendAsync(Some.Transaction(), cancel.Token));
        Assert.False(session.IsUsable);
    }

    [Fact]
    public async Task Canceling_after_content_says_what_is_uncertain()
    {
        using var cancel = new CancellationTokenSource();
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync("PIPELINING");
            await talk.ExpectAsync("MAIL FROM:<a@client.test>", "RCPT TO:<b@server.test>", "RCPT TO:<c@server.test>", "DATA");
            await talk.SayAsync("250 ok", "250 ok", "550 no", "354 go");
            await talk.ReadContentAsync();
            await cancel.CancelAsync();
            await talk.StallAsync();
        });
        await using var session = await SmtpSession.ConnectAsync(server.Relay);
        var outcome = await session.SendAsync(Some.Transaction("b@server.test", "c@server.test"), cancel.Token);
        Assert.Equal("b=Uncertain c=Refused", outcome.Results());
        Assert.Equal(SmtpFault.Canceled, outcome.Fault);
    }

    [Fact]
    public async Task Canceling_a_stream_gives_every_taken_message_its_outcome_first()
    {
        using var cancel = new CancellationTokenSource();
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync("PIPELINING");
            await talk.ExpectAsync("MAIL FROM:<a@client.test>", "RCPT TO:<b@server.test>", "DATA");
            await talk.SayAsync("250 ok", "250 ok", "354 go");
            await talk.ReadContentAsync();
            await cancel.CancelAsync();
            await talk.StallAsync();
        });
        await using var session = await SmtpSession.ConnectAsync(server.Relay);
        var results = new List<string>();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var outcome in session.SendAsync(Some.Source(Some.Transaction(), Some.Transaction("c@server.test")), cancel.Token))
            {
                results.Add(outcome.Results());
            }
        });
        Assert.Equal(["b=Uncertain", "c=NotSent"], results);
    }

    [Fact]
    public async Task Canceling_while_the_source_is_waited_for_leaves_the_session_usable()
    {
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync();
            await talk.ExpectAsync("NOOP");
            await talk.SayAsync("250 here");
            await talk.ExpectAsync("QUIT");
            await talk.SayAsync("221 bye");
        });
        using var cancel = new CancellationTokenSource();
        await using var session = await SmtpSession.ConnectAsync(server.Relay);
        var run = Task.Run(async () =>
        {
            await foreach (var outcome in session.SendAsync(NeverAsync(cancel.Token), cancel.Token))
            {
            }
        });
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.True(await session.NoopAsync());
        await session.QuitAsync();
        await server.FinishAsync();
    }

    [Fact]
    public async Task Canceling_a_connection_attempt_throws()
    {
        using var cancel = new CancellationTokenSource();
        await using var server = new FakeServer(async talk =>
        {
            await cancel.CancelAsync();
            await talk.StallAsync();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SmtpSession.ConnectAsync(server.Relay, cancellationToken: cancel.Token));
    }

    [Fact]
    public async Task A_failing_source_is_heard_of_after_what_is_in_flight()
    {
        var model = new ModelServer(1, likeExim: false, "PIPELINING") { Refuse = _ => false };
        await using var server = new FakeServer(model.ServeAsync);
        await using var session = await SmtpSession.ConnectAsync(server.Relay);
        var results = new List<string>();
        await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (var outcome in session.SendAsync(FailingAsync()))
            {
                results.Add(outcome.Results());
            }
        });
        Assert.Equal(["b=Accepted"], results);
        Assert.True(session.IsUsable);
    }

    [Fact]
    public async Task A_goodbye_that_is_not_answered_is_not_waited_for()
    {
        var time = new ManualTime();
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync();
            await talk.StallAsync();
        });
        var session = await SmtpSession.ConnectAsync(server.Relay, timeProvider: time);
        var quit = session.QuitAsync();
        await time.PassUntilAsync(quit, TimeSpan.FromSeconds(1));
        await quit;
        await Assert.ThrowsAsync<ObjectDisposedException>(() => session.SendAsync(Some.Transaction()));
    }

    [Fact]
    public async Task Two_callers_at_once_are_a_mistake()
    {
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync();
            await talk.StallAsync();
        });
        await using var session = await SmtpSession.ConnectAsync(server.Relay);
        var first = session.SendAsync(Some.Transaction());
        await Assert.ThrowsAsync<InvalidOperationException>(() => session.SendAsync(Some.Transaction()));
        Assert.False(first.IsCompleted);
    }

    static async IAsyncEnumerable<SmtpTransaction> NeverAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        yield break;
    }

    static async IAsyncEnumerable<SmtpTransaction> FailingAsync()
    {
        yield return Some.Transaction();
        await Task.Yield();
        throw new InvalidDataException("the source broke");
    }
}
