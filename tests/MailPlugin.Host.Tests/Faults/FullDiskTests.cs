using System.Text.Json.Nodes;
using MailPlugin.Host.Tests.Mail;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Faults;

/// <summary>The data folder on a disk of a few megabytes, filled to the last byte, or remounted read-only.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    SmallDisk disk = null!;
    CountingSink sink = null!;

    string Data => Path.Combine(disk.Path, "data");

    public async Task InitializeAsync()
    {
        sink = new();
        disk = Requirement.Missing(Server.SmallDisk) is null ? await SmallDisk.MountAsync(24) : null!;
    }

    public async Task DisposeAsync()
    {
        await (disk?.DisposeAsync() ?? default);
        await sink.DisposeAsync();
    }

    [ServerFact(Server.SmallDisk)]
    public async Task Below_the_floor_new_mail_is_turned_away_and_what_is_queued_leaves()
    {
        await using var host = await MailHost.StartInAsync(Data, "--MailPlugin:Limits:DiskFloorMegabytes=4");
        var paused = await host.SendAsync(HttpMethod.Put, "delivery", new JsonObject { ["paused"] = true });
        Assert.True(paused.Status == 200, paused.Text);
        await host.DeliverToAsync(sink);
        var queued = await host.SubmitUntilAcceptedAsync("before");

        disk.FillUpTo(2 * 1024 * 1024);
        await host.UntilHealthIsAsync("degraded", 200);
        (await host.SubmitAsync("meanwhile")).ShouldBeTurnedAway("disk-low");
        (await host.PostAsync("messages/batch", new JsonObject { ["messages"] = new JsonArray(Outbox.Message("meanwhile")) })).ShouldBeTurnedAway("disk-low");
        await host.SendAsync(HttpMethod.Put, "delivery", new JsonObject { ["paused"] = false });
        await sink.UntilDeliveredAsync(queued["messageId"]!);

        disk.MakeRoom();
        await host.UntilHealthIsAsync("healthy", 200);
        await sink.UntilDeliveredAsync((await host.SubmitUntilAcceptedAsync("after"))["messageId"]!);
        Assert.DoesNotContain(sink.Messages.Values, message => message.Subject == "meanwhile");
    }

    [ServerFact(Server.SmallDisk)]
    public async Task A_disk_filled_to_the_last_byte_acknowledges_nothing_it_cannot_keep_and_resumes()
    {
        await using var host = await MailHost.StartInAsync(Data, "--MailPlugin:Limits:DiskFloorMegabytes=0");
        await host.DeliverToAsync(sink);
        await host.SendAsync(HttpMethod.Put, "delivery", new JsonObject { ["paused"] = true });

        disk.FillUpTo(300 * 1024);
        var acknowledged = new List<string>();
        var refused = 0;
        for (var i = 0; refused < 5; i++)
        {
            Assert.True(i < 1000, "The disk did not fill.");
            var answer = await host.SubmitAsync($"number {i}", length: 20_000);
            if (answer.Status == 202)
            {
                acknowledged.Add(answer["messageId"]!);
            }
            else
            {
                answer.ShouldBeTurnedAway("queue-unavailable");
                refused++;
            }
        }

        disk.FillUpTo(0);
        (await host.SubmitAsync("one more", length: 20_000)).ShouldBeTurnedAway("queue-unavailable");
        Assert.NotEmpty(acknowledged);

        // Without a restart.
        disk.MakeRoom();
        acknowledged.Add((await host.SubmitUntilAcceptedAsync("room again"))["messageId"]!);

        // And as it lies on the disk.
        await host.RestartAsync(kill: true);
        await host.SendAsync(HttpMethod.Put, "delivery", new JsonObject { ["paused"] = false });
        await sink.UntilDeliveredAsync([.. acknowledged]);
        Assert.Equal(acknowledged.Order(), sink.Messages.Keys.Order());
    }

    [ServerFact(Server.SmallDisk)]
    public async Task A_host_that_starts_on_a_full_disk_says_so_and_goes_on_when_there_is_room()
    {
        await using var host = await MailHost.StartInAsync(Data, "--MailPlugin:Limits:DiskFloorMegabytes=0");
        await host.SendAsync(HttpMethod.Put, "delivery", new JsonObject { ["paused"] = true });
        await host.DeliverToAsync(sink);
        var queued = await host.SubmitUntilAcceptedAsync("queued");
        await host.Process.StopAsync();
        disk.FillUpTo(0);

        await host.RestartAsync(kill: true);
        (await host.SubmitAsync("full")).ShouldBeTurnedAway("queue-unavailable");
        await host.UntilHealthIsAsync("unhealthy", 503);
        Assert.True(host.Process.Output.Contains("mail.db cannot be used", StringComparison.Ordinal), host.Process.Output);

        disk.MakeRoom();
        await host.UntilHealthIsAsync("healthy", 200);
        await host.SendAsync(HttpMethod.Put, "delivery", new JsonObject { ["paused"] = false });
        await sink.UntilDeliveredAsync(queued["messageId"]!);
    }

    [ServerFact(Server.SmallDisk)]
    public async Task A_message_that_finds_no_room_shows_in_health_though_small_writes_do()
    {
        await using var host = await MailHost.StartInAsync(Data, "--MailPlugin:Limits:DiskFloorMegabytes=0");
        await host.DeliverToAsync(sink);
        disk.FillUpTo(400 * 1024);

        (await host.SubmitAsync("large", length: 1_000_000)).ShouldBeTurnedAway("queue-unavailable");
        await sink.UntilDeliveredAsync((await host.SubmitUntilAcceptedAsync("small"))["messageId"]!);
        await host.UntilHealthIsAsync("degraded", 200);
        var finding = Assert.Single((await host.GetAsync("health")).Json["checks"]!.AsArray(), check => check!["status"]!.GetValue<string>() != "healthy")!;
        Assert.Equal("queue", finding["name"]!.GetValue<string>());
        Assert.Contains("full", finding["detail"]!.GetValue<string>(), StringComparison.Ordinal);

        disk.MakeRoom();
        Assert.Equal(202, (await host.SubmitAsync("large", length: 1_000_000)).Status);
        await host.UntilHealthIsAsync("healthy", 200);
    }

    [ServerFact(Server.SmallDisk)]
    public async Task Outcomes_that_find_no_room_are_kept_and_written_later()
    {
        await using var host = await MailHost.StartInAsync(Data, "--MailPlugin:Limits:DiskFloorMegabytes=0");
        await host.DeliverToAsync(sink);
        await host.SendAsync(HttpMethod.Put, "delivery", new JsonObject { ["paused"] = true });
        var messages = new List<Answer>();
        for (var i = 0; i < 10; i++)
        {
            messages.Add(await host.SubmitUntilAcceptedAsync($"number {i}"));
        }

        await host.SendAsync(HttpMethod.Put, "delivery", new JsonObject { ["paused"] = false });
        disk.FillUpTo(0);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => host.SubmitAsync("no room", length: 20_000)));
        disk.MakeRoom();

        await sink.UntilDeliveredAsync([.. messages.Select(message => message["messageId"]!)]);
        await host.SubmitUntilAcceptedAsync("after");
        foreach (var message in messages)
        {
            await host.UntilStatusIsAsync(message["id"], "sent");
            Assert.Equal(1, sink.Messages[message["messageId"]!].Times);
        }
    }

    [ServerFact(Server.SmallDisk)]
    public async Task A_read_only_data_folder_is_told_and_used_once_it_can_be_written()
    {
        await using var host = await MailHost.StartInAsync(Data, "--MailPlugin:Limits:DiskFloorMegabytes=0");
        await host.DeliverToAsync(sink);
        await host.Process.StopAsync();
        await disk.MakeReadOnlyAsync();

        await host.RestartAsync(kill: true);
        (await host.SubmitAsync("read-only")).ShouldBeTurnedAway("queue-unavailable");
        await host.UntilHealthIsAsync("unhealthy", 503);
        Assert.Contains("cannot be written", host.Process.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Read-only file system", host.Process.Output, StringComparison.OrdinalIgnoreCase);

        await disk.MakeWritableAsync();
        await host.UntilHealthIsAsync("healthy", 200);
        await sink.UntilDeliveredAsync((await host.SubmitUntilAcceptedAsync("writable"))["messageId"]!);
        Assert.Single(sink.Messages);
    }
}
