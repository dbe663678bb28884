using System.Buffers;
using System.Text;
using System.Threading.Channels;

namespace MailPlugin.Smtp.Tests;

public sealed class PipeliningTests
{
    [Fact]
    public async Task The_next_envelope_leaves_with_the_content_and_begins_with_RSET()
    {
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync("PIPELINING");
            await talk.ExpectAsync("MAIL FROM:<a@client.test>", "RCPT TO:<b@server.test>", "RCPT TO:<c@server.test>", "DATA");
            await talk.SayAsync("250 ok", "250 ok", "250 ok", "354 go");
            await talk.ReadContentAsync();

            // All of this is read before the first message is answered.
            await talk.ExpectAsync("RSET", "MAIL FROM:<a@client.test>", "RCPT TO:<d@server.test>", "DATA");
            await talk.SayAsync("250 queued as 1", "250 reset", "250 ok", "250 ok", "354 go");
            await talk.ReadContentAsync();
            await talk.SayAsync("250 queued as 2");
            await talk.StallAsync();
        });
        await using var session = await SmtpSession.ConnectAsync(server.Relay);
        var outcomes = await session.SendAllAsync(Some.Transaction("b@server.test", "c@server.test"), Some.Transaction("d@server.test"));
        Assert.Equal(["250 queued as 1", "250 queued as 2"], outcomes.Select(outcome => outcome.Reply!.ToString()));
        Assert.All(outcomes, outcome => Assert.Equal(SmtpVerdict.Accepted, outcome.Verdict));
        Assert.True(session.IsUsable);
    }

    [Fact]
    public async Task Whole_messages_leave_within_the_window_where_CHUNKING_is_offered()
    {
        const int Window = 4;
        var sizes = new List<int>();
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync("PIPELINING", "CHUNKING");

            // The first is begun in lock step: its content waits for its envelope.
            await talk.ExpectAsync("MAIL FROM:<a@client.test>", "RCPT TO:<r0@server.test>");
            Assert.False(talk.HasBuffered);
            await talk.SayAsync("250 ok", "250 ok");
            for (var i = 0; i < Window; i++)
            {
                if (i > 0)
                {
                    await talk.ExpectAsync("RSET", "MAIL FROM:<a@client.test>", $"RCPT TO:<r{i}@server.test>");
                }

                await talk.ExpectAsync("BDAT 22 LAST");
                sizes.Add((await talk.ReadBytesAsync(22)).Length);
            }

            Assert.False(talk.HasBuffered);
            await talk.SayAsync("250 1");
            for (var i = 1; i < Window; i++)
            {
                await talk.SayAsync("250 reset", "250 ok", i == 2 ? "550 5.1.1 nobody" : "250 ok", i == 2 ? "503 no recipients" : $"250 {i + 1}");
            }

            await talk.StallAsync();
        });
        await using var session = await SmtpSession.ConnectAsync(server.Relay with { Window = Window });
        var outcomes = await session.SendAllAsync([.. Enumerable.Range(0, Window).Select(i => Some.Transaction($"r{i}@server.test"))]);
        Assert.Equal([SmtpVerdict.Accepted, SmtpVerdict.Accepted, SmtpVerdict.Refused, SmtpVerdict.Accepted], outcomes.Select(outcome => outcome.Verdict));
        Assert.Equal("550 5.1.1 nobody", outcomes[2].Reply!.ToString());
        Assert.Equal(SmtpStage.Rcpt, outcomes[2].Recipients[0].Stage);
        Assert.Equal(Window, sizes.Count);
        Assert.Empty(server.Faults);
    }

    [Fact]
    public async Task A_window_that_is_answered_all_at_once_is_followed_by_a_whole_window()
    {
        const int Window = 3;
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync("PIPELINING", "CHUNKING");
            await talk.ExpectAsync("MAIL FROM:<a@client.test>", "RCPT TO:<r0@server.test>");
            await talk.SayAsync("250 ok", "250 ok");
            for (var i = 0; i < 2 * Window; i++)
            {
                if (i > 0)
                {
                    await talk.ExpectAsync("RSET", "MAIL FROM:<a@client.test>", $"RCPT TO:<r{i}@server.test>");
                }

                await talk.ExpectAsync("BDAT 22 LAST");
                await talk.ReadBytesAsync(22);
                if (i == Window - 1)
                {
                    await talk.SayAsync(["250 1", .. Enumerable.Repeat(new[] { "250 reset", "250 ok", "250 ok", "250 queued" }, Window - 1).SelectMany(replies => replies)]);
                }
            }

            await talk.SayAsync([.. Enumerable.Repeat(new[] { "250 reset", "250 ok", "250 ok", "250 queued" }, Window).SelectMany(replies => replies)]);
            await talk.StallAsync();
        });
        await using var session = await SmtpSession.ConnectAsync(server.Relay with { Window = Window });
        var outcomes = await session.SendAllAsync([.. Enumerable.Range(0, 2 * Window).Select(i => Some.Transaction($"r{i}@server.test"))]);
        Assert.All(outcomes, outcome => Assert.Equal(SmtpVerdict.Accepted, outcome.Verdict));
        Assert.Equal(2 * Window, outcomes.Count);
        Assert.Empty(server.Faults);
    }

    [Fact]
    public async Task A_source_that_waits_for_the_outcome_is_never_waited_for()
    {
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync("PIPELINING");
            for (var i = 0; i < 3; i++)
            {
                await talk.ExpectAsync("MAIL FROM:<a@client.test>", "RCPT TO:<b@server.test>", "DATA");
                await talk.SayAsync("250 ok", "250 ok", "354 go");
                await talk.ReadContentAsync();
                await talk.SayAsync("250 queued");
            }

            await talk.StallAsync();
        });
        await using var session = await SmtpSession.ConnectAsync(server.Relay);
        var channel = Channel.CreateUnbounded<SmtpTransaction>();
        channel.Writer.TryWrite(Some.Transaction());
        var count = 0;
        await foreach (var outcome in session.SendAsync(channel.Reader.ReadAllAsync()))
        {
            Assert.Equal(SmtpVerdict.Accepted, outcome.Verdict);
            if (++count == 3)
            {
                channel.Writer.Complete();
            }
            else
            {
                channel.Writer.TryWrite(Some.Transaction());
            }
        }

        Assert.Equal(3, count);
    }

    [Fact]
    public async Task The_Exim_case_content_behind_a_refused_envelope_never_joins_the_next_message()
    {
        // Exim keeps the transaction open after "503" to BDAT; only the RSET in front of the next one clears it.
        var model = new ModelServer(1, likeExim: true, "PIPELINING", "CHUNKING") { Refuse = command => command.Contains("<gone", StringComparison.Ordinal) };
        await using var server = new FakeServer(model.ServeAsync);
        await using var session = await SmtpSession.ConnectAsync(server.Relay);
        var outcomes = await session.SendAllAsync(
            Some.Transaction("first@server.test"),
            new SmtpTransaction("a@client.test", ["gone1@server.test", "gone2@server.test"], Some.Content("Subject: lost\r\n\r\n")),
            new SmtpTransaction("a@client.test", ["last@server.test"], Some.Content("Subject: last\r\n\r\n")));
        Assert.Equal([SmtpVerdict.Accepted, SmtpVerdict.Refused, SmtpVerdict.Accepted], outcomes.Select(outcome => outcome.Verdict));
        Assert.Equal(["first@server.test", "last@server.test"], model.Delivered.Keys.Order());
        Assert.Contains("last", model.Delivered["last@server.test"].Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_recipient_does_not_stop_the_others()
    {
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync("PIPELINING");
            await talk.ExpectAsync("MAIL FROM:<a@client.test>", "RCPT TO:<b@server.test>", "RCPT TO:<c@server.test>", "RCPT TO:<d@server.test>", "DATA");
            await talk.SayAsync("250 ok", "250 ok", "550 5.1.1 nobody", "451 4.2.0 later", "354 go");
            await talk.ReadContentAsync();
            await talk.SayAsync("250 queued");
            await talk.StallAsync();
        });
        await using var session = await SmtpSession.ConnectAsync(server.Relay);
        var outcome = await session.SendAsync(Some.Transaction("b@server.test", "c@server.test", "d@server.test"));
        Assert.Equal("b=Accepted c=Refused d=Refused", outcome.Results());
        Assert.Equal(SmtpVerdict.Partial, outcome.Verdict);
        Assert.True(outcome.Recipients[1].Reply!.IsPermanent);
        Assert.True(outcome.Recipients[2].Reply!.IsTransient);
    }

    [Fact]
    public async Task A_server_that_waits_for_content_without_recipients_gets_a_lone_dot_and_no_content()
    {
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync("PIPELINING");
            await talk.ExpectAsync("MAIL FROM:<a@client.test>", "RCPT TO:<b@server.test>", "DATA");
            await talk.SayAsync("250 ok", "550 5.1.1 nobody", "354 go");
            await talk.ExpectAsync(".");
            await talk.SayAsync("250 thank you for nothing");
            await talk.ExpectAsync("RSET", "MAIL FROM:<a@client.test>", "RCPT TO:<b@server.test>", "DATA");
            await talk.SayAsync("250 ok", "250 ok", "250 ok", "354 go");
            await talk.ReadContentAsync();
            await talk.SayAsync("250 queued");
            await talk.StallAsync();
        });
        await using var session = await SmtpSession.ConnectAsync(server.Relay);
        var refused = await session.SendAsync(Some.Transaction());
        Assert.Equal("b=Refused", refused.Results());
        Assert.Equal("550 5.1.1 nobody", refused.Reply!.ToString());
        Assert.Equal(SmtpVerdict.Accepted, (await session.SendAsync(Some.Transaction())).Verdict);
    }

    [Fact]
    public async Task An_accepted_content_behind_a_refused_MAIL_is_accepted_and_the_session_closed()
    {
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync("PIPELINING", "CHUNKING");
            await talk.ExpectAsync("MAIL FROM:<a@client.test>", "RCPT TO:<b@server.test>");
            await talk.SayAsync("250 ok", "250 ok");
            await talk.ExpectAsync("BDAT 22 LAST");
            await talk.ReadBytesAsync(22);
            await talk.ExpectAsync("RSET", "MAIL FROM:<a@client.test>", "RCPT TO:<c@server.test>", "BDAT 22 LAST");
            await talk.ReadBytesAsync(22);
            await talk.SayAsync("250 one", "250 reset", "451 4.3.0 no", "250 ok", "250 two");
            await talk.StallAsync();
        });
        await using var session = await SmtpSession.ConnectAsync(server.Relay);
        var outcomes = await session.SendAllAsync(Some.Transaction(), Some.Transaction("c@server.test"));
        Assert.Equal(SmtpVerdict.Accepted, outcomes[1].Verdict);
        Assert.False(session.IsUsable);
    }

    [Fact]
    public async Task Too_many_recipients_go_in_the_next_transaction()
    {
        var groups = new List<string>();
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync("PIPELINING");
            foreach (var (taken, refused) in new[] { (2, 1), (1, 0) })
            {
                var line = await talk.ReadLineAsync();
                line = line == "RSET" ? await talk.ReadLineAsync() : line;
                Assert.Equal("MAIL FROM:<a@client.test>", line);
                await talk.SayAsync("250 ok");
                for (var i = 0; i < taken + refused; i++)
                {
                    groups.Add((await talk.ReadLineAsync())!);
                    await talk.SayAsync(i < taken ? "250 ok" : "452 4.5.3 too many recipients");
                }

                await talk.ExpectAsync("DATA");
                await talk.SayAsync("354 go");
                await talk.ReadContentAsync();
                await talk.SayAsync($"250 queued for {taken}");
            }

            await talk.StallAsync();
        });
        await using var session = await SmtpSession.ConnectAsync(server.Relay);
        var outcome = await session.SendAsync(Some.Transaction("b@server.test", "c@server.test", "d@server.test"));
        Assert.Equal("b=Accepted c=Accepted d=Accepted", outcome.Results());
        Assert.Equal("250 queued for 1", outcome.Recipients[2].Reply!.ToString());
        Assert.Equal(["b", "c", "d", "d"], groups.Select(line => line[9..10]));
    }

    [Fact]
    public async Task No_transaction_has_more_recipients_than_the_relay_takes()
    {
        var model = new ModelServer(1, likeExim: false, "PIPELINING") { Refuse = _ => false };
        await using var server = new FakeServer(model.ServeAsync);
        await using var session = await SmtpSession.ConnectAsync(server.Relay with { MaxRecipients = 10 });
        string[] recipients = [.. Enumerable.Range(0, 35).Select(i => $"r{i}@server.test")];
        var outcome = await session.SendAsync(Some.Transaction(recipients));
        Assert.Equal(SmtpVerdict.Accepted, outcome.Verdict);
        Assert.Equal(35, model.Delivered.Count);
        Assert.Equal([10, 10, 10, 5], model.Sizes);
    }

    [Fact]
    public async Task Hundreds_of_recipients_go_in_groups()
    {
        var model = new ModelServer(1, likeExim: false, "PIPELINING") { Refuse = _ => false };
        await using var server = new FakeServer(model.ServeAsync);
        await using var session = await SmtpSession.ConnectAsync(server.Relay with { MaxRecipients = 1000 });
        var outcome = await session.SendAsync(Some.Transaction([.. Enumerable.Range(0, 600).Select(i => $"r{i}@server.test")]));
        Assert.Equal(SmtpVerdict.Accepted, outcome.Verdict);
        Assert.Equal([600], model.Sizes);
    }

    [Fact]
    public async Task A_session_that_idled_to_death_makes_no_attempt()
    {
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync("PIPELINING", "CHUNKING");
            await talk.ExpectAsync("MAIL FROM:<a@client.test>", "RCPT TO:<b@server.test>");
            await talk.SayAsync("250 ok", "250 ok");
            await talk.ExpectAsync("BDAT 22 LAST");
            await talk.ReadBytesAsync(22);
            await talk.SayAsync("250 queued", "421 4.4.2 idle too long");
        });
        await using var session = await SmtpSession.ConnectAsync(server.Relay);
        Assert.Equal(SmtpVerdict.Accepted, (await session.SendAsync(Some.Transaction())).Verdict);
        await server.FinishAsync();
        var outcome = await session.SendAsync(Some.Transaction());
        Assert.Equal("b=NotSent", outcome.Results());
        Assert.True(outcome.MayRetryAtOnce);
        Assert.False(session.IsUsable);
        Assert.True((await session.SendAsync(Some.Transaction())).MayRetryAtOnce);
    }

    [Fact]
    public async Task Messages_behind_a_closing_reply_are_not_sent_and_may_go_at_once()
    {
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync("PIPELINING", "CHUNKING");
            await talk.ExpectAsync("MAIL FROM:<a@client.test>", "RCPT TO:<b@server.test>");
            await talk.SayAsync("250 ok", "250 ok");
            await talk.ExpectAsync("BDAT 22 LAST");
            await talk.ReadBytesAsync(22);
            await talk.ExpectAsync("RSET", "MAIL FROM:<a@client.test>", "RCPT TO:<c@server.test>", "BDAT 22 LAST");
            await talk.ReadBytesAsync(22);
            await talk.SayAsync("421 4.3.2 closing");
        });
        await using var session = await SmtpSession.ConnectAsync(server.Relay);
        var outcomes = await session.SendAllAsync(Some.Transaction(), Some.Transaction("c@server.test"));
        Assert.Equal(["b=Refused", "c=NotSent"], outcomes.Select(outcome => outcome.Results()));
        Assert.Equal([false, true], outcomes.Select(outcome => outcome.MayRetryAtOnce));
        Assert.Equal(421, outcomes[0].Reply!.Code);
    }

    [Fact]
    public async Task Messages_in_flight_on_a_lost_connection_are_uncertain()
    {
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync("PIPELINING", "CHUNKING");
            await talk.ExpectAsync("MAIL FROM:<a@client.test>", "RCPT TO:<b@server.test>");
            await talk.SayAsync("250 ok", "250 ok");
            await talk.ExpectAsync("BDAT 22 LAST");
            await talk.ReadBytesAsync(22);
            await talk.ExpectAsync("RSET", "MAIL FROM:<a@client.test>", "RCPT TO:<c@server.test>", "BDAT 22 LAST");
            await talk.ReadBytesAsync(22);
            await talk.SayAsync("250 one");
        });
        await using var session = await SmtpSession.ConnectAsync(server.Relay);
        var outcomes = await session.SendAllAsync(Some.Transaction(), Some.Transaction("c@server.test"));
        Assert.Equal(["b=Accepted", "c=Uncertain"], outcomes.Select(outcome => outcome.Results()));
        Assert.False(outcomes[1].MayRetryAtOnce);
        Assert.Equal(SmtpFault.ConnectionLost, outcomes[1].Fault);
    }

    [Fact]
    public async Task Content_in_every_shape_arrives_the_same()
    {
        const string Header = "Subject: shapes\r\n";
        var text = $"{Header}\r\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $".line {i}\r\n"));
        var (bytes, head) = (Encoding.ASCII.GetBytes(text), Header.Length);
        var first = new Segment(bytes.AsMemory(head + 2, 7), null);
        var sequence = new ReadOnlySequence<byte>(first, 0, new Segment(bytes.AsMemory(head + 9), first), bytes.Length - head - 9);
        SmtpContent[] shapes =
        [
            SmtpContent.FromMemory(bytes),
            SmtpContent.FromMessage(bytes.AsMemory(0, head), bytes.AsMemory(head + 2)),
            SmtpContent.FromMessage(bytes.AsMemory(0, head), sequence),
        ];
        foreach (var capabilities in new string[][] { [], ["PIPELINING"], ["PIPELINING", "CHUNKING"] })
        {
            var model = new ModelServer(1, likeExim: false, capabilities) { Refuse = _ => false };
            await using var server = new FakeServer(model.ServeAsync);
            await using var session = await SmtpSession.ConnectAsync(server.Relay);
            var outcomes = await session.SendAllAsync([.. shapes.Select((shape, i) => new SmtpTransaction("a@client.test", [$"r{i}@server.test"], shape))]);
            Assert.All(outcomes, outcome => Assert.Equal(SmtpVerdict.Accepted, outcome.Verdict));
            Assert.Equal(3, model.Delivered.Count);
            Assert.All(model.Delivered.Values, contents => Assert.True(text == contents.Single()));
        }
    }

    sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        internal Segment(ReadOnlyMemory<byte> memory, Segment? before)
        {
            Memory = memory;
            if (before is not null)
            {
                before.Next = this;
                RunningIndex = before.RunningIndex + before.Memory.Length;
            }
        }
    }
}
