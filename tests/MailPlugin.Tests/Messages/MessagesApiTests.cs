using System.Net;
using System.Text.Json;
using MailPlugin.Queue;
using MailPlugin.Tests.Delivery;
using MailPlugin.Tests.Support;
using MailPlugin.Transports;

namespace MailPlugin.Tests.Messages;

public sealed class MessagesApiTests
{
    [Fact]
    public async Task One_message_has_the_shape_of_the_contract()
    {
        await using var api = await ApiRig.StartAsync();
        api.Queue.Settings.Add("primary");
        await api.Queue.StartDeliveryAsync();
        var id = await api.Queue.SubmitAsync(Some.Submission() with { Source = "billing", Metadata = new Dictionary<string, string> { ["k"] = "v" } });
        await api.Queue.WaitForAsync(id, MessageStatus.Sent);

        var (status, body, _) = await api.GetAsync($"/messages/{id}");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(("sent", "billing", "Hello"), (body.GetProperty("status").GetString(), body.GetProperty("source").GetString(), body.GetProperty("subject").GetString()));
        Assert.Equal("2026-11-26T08:00:00.000Z", body.GetProperty("expiresAt").GetString());
        var recipient = body.GetProperty("recipients")[0];
        Assert.Equal(("b@example.org", "to", "accepted", "primary"), (recipient.GetProperty("address").GetString(), recipient.GetProperty("kind").GetString(), recipient.GetProperty("state").GetString(), recipient.GetProperty("transport").GetString()));
        var attempt = body.GetProperty("attempts")[0];
        Assert.Equal(("accepted", "primary", "first in order"), (attempt.GetProperty("outcome").GetString(), attempt.GetProperty("transport").GetString(), attempt.GetProperty("why").GetString()));
        Assert.Equal("v", body.GetProperty("metadata").GetProperty("k").GetString());
        Assert.False((await api.GetAsync("/messages")).Body.GetProperty("items")[0].TryGetProperty("attempts", out _));
    }

    [Fact]
    public async Task Pages_are_newest_first_and_a_cursor_belongs_to_its_filter()
    {
        await using var api = await ApiRig.StartAsync();
        var ids = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            ids.Add(await api.Queue.SubmitAsync(Some.Submission() with { Source = i % 2 == 0 ? "even" : "odd" }));
            api.Queue.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await api.GetAsync($"/messages?limit=3{(cursor is null ? "" : "&cursor=" + cursor)}")).Body;
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            cursor = page.GetProperty("next").GetString();
            Assert.False(page.TryGetProperty("total", out _));
        }
        while (cursor is not null);
        Assert.Equal(Enumerable.Reverse(ids), seen);

        var filtered = (await api.GetAsync("/messages?source=even&limit=2")).Body;
        Assert.Equal([ids[6], ids[4]], filtered.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()));
        var foreign = await api.GetAsync("/messages?source=odd&limit=2&cursor=" + filtered.GetProperty("next").GetString());
        Assert.Equal((HttpStatusCode.BadRequest, "invalid-cursor"), (foreign.Status, Slug(foreign.Body)));
    }

    [Theory]
    [InlineData("status=sent", 1)]
    [InlineData("status=queued", 2)]
    [InlineData("status=failed", 0)]
    [InlineData("recipient=ANNA@example.org", 1)]
    [InlineData("recipient=anna", 0)]
    [InlineData("q=anna", 1)]
    [InlineData("q=invoice", 1)]
    [InlineData("q=INVOICE 4", 1)]
    [InlineData("q=nvoice", 0)]
    [InlineData("source=billing", 1)]
    [InlineData("transport=primary", 1)]
    [InlineData("since=2026-11-21T08:00:01Z", 2)]
    [InlineData("until=2026-11-21T08:00:01Z", 1)]
    [InlineData("q=anna&source=nobody", 0)]
    public async Task Filters_mean_what_they_say(string query, int count)
    {
        await using var api = await ApiRig.StartAsync();
        api.Queue.Settings.Add("primary");
        await api.Queue.StartDeliveryAsync();
        await api.Queue.WaitForAsync(await api.Queue.SubmitAsync(Some.Submission("anna@example.org") with { Subject = "Invoice 4711", Source = "billing" }), MessageStatus.Sent);
        await api.Queue.Get<MailPlugin.Delivery.DeliverySwitch>().SetAsync(true, CancellationToken.None);
        api.Queue.Clock.Advance(TimeSpan.FromSeconds(2));
        await api.Queue.SubmitAsync("bert@example.org");
        await api.Queue.SubmitAsync("carl@example.org");

        var (status, body, _) = await api.GetAsync("/messages?" + query);

        Assert.Equal((HttpStatusCode.OK, count), (status, body.GetProperty("items").GetArrayLength()));
    }

    [Fact]
    public async Task An_id_and_a_message_id_are_found_exactly()
    {
        await using var api = await ApiRig.StartAsync();
        var receipt = await api.Queue.Submission.SubmitAsync(Some.Submission());
        await api.Queue.SubmitAsync();

        foreach (var text in new[] { receipt.Id, receipt.MessageId, receipt.MessageId.Trim('<', '>') })
        {
            var items = (await api.GetAsync("/messages?q=" + Uri.EscapeDataString(text))).Body.GetProperty("items");
            Assert.Equal(receipt.Id, items.EnumerateArray().Single().GetProperty("id").GetString());
        }
    }

    [Fact]
    public async Task A_failed_message_can_be_retried_and_gets_a_new_end()
    {
        await using var api = await ApiRig.StartAsync();
        var transport = api.Queue.Settings.Add("primary");
        transport.Answer = message => Outcome.Refused(message, TransportStage.Content, "554 5.7.1 no");
        await api.Queue.StartDeliveryAsync();
        var id = await api.Queue.SubmitAsync();
        await api.Queue.WaitForAsync(id, MessageStatus.Failed);
        api.Queue.Clock.Advance(TimeSpan.FromDays(6));
        transport.Answer = Outcome.Accepted;

        var (status, _, _) = await api.PostAsync($"/messages/{id}/retry", "{}");

        Assert.Equal(HttpStatusCode.OK, status);
        await api.Queue.WaitForAsync(id, MessageStatus.Sent);
        Assert.Equal((HttpStatusCode.Conflict, "wrong-state"), await StatusAndSlug(api.PostAsync($"/messages/{id}/retry", "{}")));
        Assert.Equal(HttpStatusCode.NotFound, (await api.PostAsync("/messages/m_nothing/retry", "{}")).Status);
        Assert.Contains(("message retry", id), api.Audit.Entries);
    }

    [Fact]
    public async Task What_waits_can_be_canceled_and_what_is_sent_cannot()
    {
        await using var api = await ApiRig.StartAsync();
        var id = await api.Queue.SubmitAsync();

        var (status, body, _) = await api.PostAsync($"/messages/{id}/cancel", "{}");

        Assert.Equal((HttpStatusCode.OK, "canceled"), (status, body.GetProperty("status").GetString()));
        Assert.Equal((HttpStatusCode.Conflict, "wrong-state"), await StatusAndSlug(api.PostAsync($"/messages/{id}/cancel", "{}")));
    }

    [Fact]
    public async Task A_cancel_while_sending_ends_what_the_relay_does_not_take()
    {
        await using var api = await ApiRig.StartAsync();
        var transport = api.Queue.Settings.Add("primary");
        var go = new TaskCompletionSource();
        transport.Before = (_, _) => go.Task;
        transport.Answer = message => Outcome.Refused(message, TransportStage.Content, "451 4.3.0 later");
        await api.Queue.StartDeliveryAsync();
        var id = await api.Queue.SubmitAsync();
        await api.Queue.WaitForAsync(id, MessageStatus.Sending);

        var (status, _, _) = await api.PostAsync($"/messages/{id}/cancel", "{}");
        go.SetResult();

        Assert.Equal(HttpStatusCode.Accepted, status);
        await api.Queue.WaitForAsync(id, MessageStatus.Canceled);
    }

    [Fact]
    public async Task A_resend_is_a_new_message_linked_with_the_first()
    {
        await using var api = await ApiRig.StartAsync();
        var transport = api.Queue.Settings.Add("primary");
        await api.Queue.StartDeliveryAsync();
        var id = await api.Queue.SubmitAsync(Some.Submission() with { Cc = [new("copy@example.org")] });
        await api.Queue.WaitForAsync(id, MessageStatus.Sent);

        var (status, body, response) = await api.PostAsync($"/messages/{id}/resend", """{"to":[{"address":"other@example.org","name":"Ö"}]}""");

        var copy = body.GetProperty("id").GetString()!;
        Assert.Equal((HttpStatusCode.Accepted, $"/messages/{copy}"), (status, response.Headers.Location!.OriginalString));
        var sent = await api.Queue.WaitForAsync(copy, MessageStatus.Sent);
        Assert.Equal((id, copy), (sent.ResentFrom, (await api.Queue.FindAsync(id)).ResentTo));
        var bytes = System.Text.Encoding.UTF8.GetString(transport.Sent.Last().Header.Span);
        Assert.Equal(["other@example.org"], transport.Sent.Last().Recipients);
        Assert.Contains("other@example.org", bytes, StringComparison.Ordinal);
        Assert.DoesNotContain("copy@example.org", bytes, StringComparison.Ordinal);
        Assert.Contains(sent.MessageId, bytes, StringComparison.Ordinal);
        Assert.DoesNotContain((await api.Queue.FindAsync(id)).MessageId, bytes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_are_retried_by_filter_after_a_dry_run()
    {
        await using var api = await ApiRig.StartAsync();
        var transport = api.Queue.Settings.Add("primary");
        transport.Answer = message => Outcome.Refused(message, TransportStage.Content, "554 5.7.1 no");
        await api.Queue.StartDeliveryAsync();
        for (var i = 0; i < 5; i++)
        {
            await api.Queue.WaitForAsync(await api.Queue.SubmitAsync(Some.Submission() with { Source = i < 3 ? "a" : "b" }), MessageStatus.Failed);
        }

        transport.Answer = Outcome.Accepted;
        var dry = await api.PostAsync("/messages/retry", """{"filter":{"source":"a"},"dryRun":true}""");
        Assert.Equal((3, 5), (dry.Body.GetProperty("count").GetInt32(), transport.Sent.Count));

        var real = await api.PostAsync("/messages/retry", """{"filter":{"source":"a"}}""");

        Assert.Equal(3, real.Body.GetProperty("count").GetInt32());
        await Eventually.SeeAsync(() => transport.Sent.Count == 8, "three are sent again");
    }

    [Fact]
    public async Task An_erased_recipient_is_nowhere()
    {
        await using var api = await ApiRig.StartAsync();
        api.Queue.Settings.Add("primary").Answer = message => Outcome.Each(message, (address, _) => (RecipientVerdict.Accepted, TransportStage.Content, $"250 2.0.0 {address} ok"));
        await api.Queue.StartDeliveryAsync();
        var id = await api.Queue.SubmitAsync(Some.Submission("anna@example.org") with { Subject = "For Anna" });
        await api.Queue.WaitForAsync(id, MessageStatus.Sent);

        var (status, body, _) = await api.PostAsync("/recipients/Anna@example.org/erase", "{}");

        Assert.Equal((HttpStatusCode.OK, 1), (status, body.GetProperty("count").GetInt32()));
        var message = await api.GetAsync($"/messages/{id}");
        Assert.DoesNotContain("anna", message.Body.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("sent", message.Body.GetProperty("status").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync($"/messages/{id}/content")).Status);
        Assert.Empty((await api.GetAsync("/messages?q=anna")).Body.GetProperty("items").EnumerateArray());
    }

    [Theory]
    [InlineData("anna@münchen.example", "anna@xn--mnchen-3ya.example")]
    [InlineData("anna@MÜNCHEN.example", "anna@xn--mnchen-3ya.example")]
    [InlineData("\"anna\"@example.org", "anna@example.org")]
    [InlineData("\"an na\"@example.org", "\"an na\"@example.org")]
    public async Task An_address_in_a_path_is_the_one_of_the_envelope_however_it_is_spelt(string spelt, string envelope)
    {
        await using var api = await ApiRig.StartAsync();
        var path = Uri.EscapeDataString(spelt);
        await api.SendAsync(HttpMethod.Put, $"/suppressions/{path}", "{}");
        Assert.Equal("suppressed", (await api.Queue.Submission.SubmitAsync(Some.Submission(envelope))).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await api.SendAsync(HttpMethod.Delete, $"/suppressions/{path}")).Status);
        await api.Queue.SubmitAsync(envelope);

        Assert.Equal(2, (await api.GetAsync($"/messages?recipient={path}")).Body.GetProperty("items").GetArrayLength());
        var (status, body, _) = await api.PostAsync($"/recipients/{path}/erase", "{}");

        Assert.Equal((HttpStatusCode.OK, 2), (status, body.GetProperty("count").GetInt32()));
        Assert.Empty((await api.GetAsync($"/messages?recipient={path}")).Body.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Content_is_given_as_it_was_composed_and_reading_it_is_written_down()
    {
        await using var api = await ApiRig.StartAsync();
        var id = await api.Queue.SubmitAsync(Some.Submission() with { Html = "<p>Grüße</p>", Text = "Grüße" });

        var (status, _, response) = await api.GetAsync($"/messages/{id}/content");

        Assert.Equal((HttpStatusCode.OK, "message/rfc822"), (status, response.Content.Headers.ContentType!.MediaType));
        Assert.Contains("\r\n\r\n", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains(("message content read", id), api.Audit.Entries);
        var preview = (await api.GetAsync($"/messages/{id}/preview")).Body;
        Assert.Equal(("Grüße", "<p>Grüße</p>"), (preview.GetProperty("text").GetString()!.Trim(), preview.GetProperty("html").GetString()!.Trim()));
    }

    [Fact]
    public async Task Suppressions_are_put_listed_and_lifted()
    {
        await using var api = await ApiRig.StartAsync();
        await api.SendAsync(HttpMethod.Put, "/suppressions/Gone@example.org", """{"reason":"asked us to stop"}""");

        var receipt = await api.Queue.Submission.SubmitAsync(Some.Submission("gone@example.org"));
        Assert.Equal(("suppressed", "every recipient is suppressed"), (receipt.Status, receipt.Reason));
        var listed = (await api.GetAsync("/suppressions")).Body.GetProperty("items").EnumerateArray().Single();
        Assert.Equal(("gone@example.org", "asked us to stop", "key:test"), (listed.GetProperty("address").GetString(), listed.GetProperty("reason").GetString(), listed.GetProperty("source").GetString()));

        Assert.Equal(HttpStatusCode.NoContent, (await api.SendAsync(HttpMethod.Delete, "/suppressions/gone@example.org")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.SendAsync(HttpMethod.Delete, "/suppressions/gone@example.org")).Status);
        Assert.Equal("queued", (await api.Queue.Submission.SubmitAsync(Some.Submission("gone@example.org"))).Status);
    }

    [Fact]
    public async Task Statistics_are_what_happened()
    {
        await using var api = await ApiRig.StartAsync();
        api.Queue.Settings.Add("primary").Answer = message => Outcome.Each(message, (address, _) => address.StartsWith('x')
            ? (RecipientVerdict.Refused, TransportStage.Rcpt, "550 5.7.1 no")
            : (RecipientVerdict.Accepted, TransportStage.Content, "250 ok"));
        await api.Queue.StartDeliveryAsync();
        await api.Queue.WaitForAsync(await api.Queue.SubmitAsync("a@example.org", "x@example.org"), MessageStatus.Partial);
        await api.Queue.Get<MailPlugin.Delivery.DeliverySwitch>().SetAsync(true, CancellationToken.None);
        await api.Queue.SubmitAsync();
        api.Queue.Clock.Advance(TimeSpan.FromMinutes(2));

        var body = (await api.GetAsync("/stats?window=1h")).Body;

        var byStatus = body.GetProperty("byStatus");
        Assert.Equal((1, 1, 1, 0), (byStatus.GetProperty("queued").GetInt32(), byStatus.GetProperty("sent").GetInt32(), byStatus.GetProperty("failed").GetInt32(), byStatus.GetProperty("sending").GetInt32()));
        Assert.Equal(1, body.GetProperty("byTransport").GetProperty("primary").GetProperty("sent").GetInt32());
        Assert.Equal(120, body.GetProperty("oldestQueuedSeconds").GetInt32());
        Assert.Equal(1, body.GetProperty("series").EnumerateArray().Sum(step => step.GetProperty("counts").TryGetProperty("sent", out var sent) ? sent.GetInt32() : 0));
        Assert.Equal(HttpStatusCode.BadRequest, (await api.GetAsync("/stats?window=2y")).Status);
    }

    [Fact]
    public async Task Transports_say_how_they_are_and_are_resumed()
    {
        await using var api = await ApiRig.StartAsync();
        api.Queue.Settings.Add("primary").Answer = message => Outcome.Fault(message, TransportFaultKind.LoginRefused, TransportStage.Auth, "535 5.7.8 no");
        await api.Queue.StartDeliveryAsync();
        await api.Queue.WaitForAsync(await api.Queue.SubmitAsync(), MessageStatus.Deferred);

        var transport = (await api.GetAsync("/transports")).Body.GetProperty("items")[0];
        Assert.Equal(("primary", "suspended", "535 5.7.8 no", 1), (transport.GetProperty("id").GetString(), transport.GetProperty("state").GetString(), transport.GetProperty("reason").GetString(), transport.GetProperty("waiting").GetInt32()));

        var resumed = await api.PostAsync("/transports/primary/resume", "{}");
        Assert.Equal("healthy", resumed.Body.GetProperty("state").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await api.PostAsync("/transports/none/resume", "{}")).Status);
    }

    [Fact]
    public async Task Delivery_is_paused_and_goes_on()
    {
        await using var api = await ApiRig.StartAsync();
        api.Queue.Settings.Add("primary");
        await api.Queue.StartDeliveryAsync();

        var paused = await api.SendAsync(HttpMethod.Put, "/delivery", """{"paused":true}""");
        var accepted = await api.PostAsync("/messages", """{"from":{"address":"a@example.com"},"to":[{"address":"b@example.org"}],"subject":"Hi","text":"Hello"}""");
        Assert.Equal((true, HttpStatusCode.Accepted), (paused.Body.GetProperty("paused").GetBoolean(), accepted.Status));
        await api.SendAsync(HttpMethod.Put, "/delivery", """{"paused":false}""");

        await api.Queue.WaitForAsync(accepted.Body.GetProperty("id").GetString()!, MessageStatus.Sent);
    }

    static async Task<(HttpStatusCode, string)> StatusAndSlug(Task<(HttpStatusCode Status, JsonElement Body, HttpResponseMessage Response)> answer)
    {
        var (status, body, _) = await answer;
        return (status, Slug(body));
    }

    static string Slug(JsonElement body) => body.GetProperty("type").GetString()!.Split('/')[^1];
}
