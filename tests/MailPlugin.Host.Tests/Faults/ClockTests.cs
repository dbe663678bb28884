using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MailPlugin.Host.Tests.Mail;
using MailPlugin.Host.Tests.Support;
using MailPlugin.TestBed;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace MailPlugin.Host.Tests.Faults;

/// <summary>Somebody sets the clock while mail waits.</summary>
public sealed class ClockTests : IAsyncLifetime
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly TempFolder temp = new();
    readonly CountingSink sink = new();
    readonly SetClock clock = new();
    HostInProcess plain = null!;
    HttpClient client = null!;

    public async Task InitializeAsync()
    {
        plain = new HostInProcess(Path.Combine(Repository.Root, "plugins"));
        var host = plain.WithWebHostBuilder(builder =>
        {
            builder.UseSetting("MailPlugin:Data", temp.Of("data"));
            builder.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(clock));
        });
        client = host.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", (await File.ReadAllTextAsync(temp.Of("data/admin-key.txt"))).Trim());
        await SendAsync(HttpMethod.Put, "settings", Drafts.With(Drafts.Smtp(sink.Port, smtp => smtp["security"] = "none", host: "127.0.0.1")), 200);
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        await plain.DisposeAsync();
        await sink.DisposeAsync();
        temp.Dispose();
    }

    [Theory]
    [InlineData(-3_600)]
    [InlineData(-86_400 * 400)]
    [InlineData(3_600)]
    public async Task Mail_leaves_though_the_clock_is_set(int seconds)
    {
        await DeliveredAsync(await SubmitAsync("before"));
        await UntilNothingWaitsAsync();

        clock.Set(TimeSpan.FromSeconds(seconds));

        await DeliveredAsync(await SubmitAsync("after"));
        Assert.Equal(2, sink.Taken);
    }

    [Fact]
    public async Task What_was_queued_before_the_clock_was_set_back_does_not_wait_for_the_old_time()
    {
        await SendAsync(HttpMethod.Put, "delivery", new JsonObject { ["paused"] = true }, 200);
        var waiting = await SubmitAsync("waiting");

        clock.Set(TimeSpan.FromHours(-1));
        await SendAsync(HttpMethod.Put, "delivery", new JsonObject { ["paused"] = false }, 200);

        await DeliveredAsync(waiting);
    }

    async Task<string> SubmitAsync(string subject) => (await SendAsync(HttpMethod.Post, "messages", Outbox.Message(subject), 202))["messageId"]!.GetValue<string>();

    // The relay has it before the outcome is written.
    async Task UntilNothingWaitsAsync() => await Eventually.SeeAsync(
        async () => JsonNode.Parse(await client.GetStringAsync("/api/mail/messages?limit=1"))!["items"]![0]!["status"]!.GetValue<string>(), status => status == "sent", "the message");

    Task DeliveredAsync(string messageId) => sink.UntilDeliveredAsync(messageId);

    async Task<JsonObject> SendAsync(HttpMethod method, string path, JsonObject body, int status)
    {
        using var request = new HttpRequestMessage(method, $"/api/mail/{path}") { Content = JsonContent.Create(body) };
        if (path == "settings")
        {
            request.Headers.IfMatch.Add(new("\"0\""));
        }

        using var patience = new CancellationTokenSource(Patience);
        using var answer = await client.SendAsync(request, patience.Token);
        var text = await answer.Content.ReadAsStringAsync(patience.Token);
        Assert.True((int)answer.StatusCode == status, text);
        return JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>The system's clock, wrong by what it was set to; timers and stopwatches go on as they do when a clock is set.</summary>
    sealed class SetClock : TimeProvider
    {
        long _offset;

        public void Set(TimeSpan offset) => Interlocked.Exchange(ref _offset, offset.Ticks);

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _offset));
    }
}
