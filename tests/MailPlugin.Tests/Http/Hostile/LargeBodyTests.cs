using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using MailPlugin.Http.Binding;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace MailPlugin.Tests.Http.Hostile;

/// <summary>Bodies that are too large, too slow or too many at once.</summary>
public sealed class LargeBodyTests(SharedPluginHost shared) : IClassFixture<SharedPluginHost>
{
    const int Megabyte = 1024 * 1024;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly PluginHost _host = shared.Host;

    [Theory]
    [InlineData("PUT", "settings", "application/json")]
    [InlineData("POST", "messages", "application/json")]
    [InlineData("POST", "messages/batch", "application/json")]
    [InlineData("POST", "session", "application/json")]
    public async Task A_length_beyond_the_limit_is_answered_before_any_of_it_came(string method, string path, string type)
    {
        using var client = await ConnectAsync();

        await SendHeadAsync(client, method, path, type, $"Content-Length: {long.MaxValue / 2}");

        Assert.StartsWith("HTTP/1.1 413", await StatusAsync(client), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PUT", "settings", 1)]
    [InlineData("POST", "keys", 1)]
    [InlineData("POST", "session", 1)]
    [InlineData("POST", "messages", 40)]
    public async Task A_body_of_unknown_length_is_read_to_the_limit_and_not_to_its_end(string method, string path, int megabytes)
    {
        using var client = await ConnectAsync();
        await SendHeadAsync(client, method, path, "application/json", "Transfer-Encoding: chunked");

        // What lies in the buffers between was sent and never read.
        var (sent, status) = await PourAsync(client, (megabytes + 60) * Megabyte);

        Assert.StartsWith("HTTP/1.1 413", status, StringComparison.Ordinal);
        Assert.InRange(sent, 0, (megabytes + 30) * Megabyte);
        await Eventually.SeeAsync(() => _host.Services.GetRequiredService<BodyRoom>().Taken == 0, "the room is given back");
    }

    [Fact]
    public async Task Nothing_is_read_from_somebody_without_a_key()
    {
        // Everybody may try to sign in.
        var changing = (await RouteTable.OfAsync(_host)).Where(route => route.Changes && route != new Mapped(HttpMethod.Post, "session")).ToList();
        Assert.True(changing.Count > 20, $"{changing.Count} routes change something.");
        foreach (var route in changing)
        {
            using var client = await ConnectAsync();

            await SendHeadAsync(client, route.Method.Method, route.With("x"), "application/json", "Content-Length: 30000000", key: "mp_wrong");

            var status = await StatusAsync(client);
            Assert.True(status.StartsWith("HTTP/1.1 401", StringComparison.Ordinal), $"{route}: {status}");
        }
    }

    [Fact]
    public async Task A_body_that_drips_is_ended_and_the_others_are_served_meanwhile()
    {
        using var client = await ConnectAsync();
        await SendHeadAsync(client, "POST", "messages", "application/json", "Content-Length: 10000");
        var answer = StatusAsync(client);
        using var limit = new CancellationTokenSource(Patience);
        while (!answer.IsCompleted)
        {
            try
            {
                await client.GetStream().WriteAsync(" "u8.ToArray(), limit.Token);
            }
            catch (IOException)
            {
                break;
            }

            Assert.Equal(200, (await _host.GetAsync("version")).Status);
            await Task.WhenAny(answer, Task.Delay(TimeSpan.FromMilliseconds(250), limit.Token));
        }

        Assert.StartsWith("HTTP/1.1 4", await answer, StringComparison.Ordinal);
        await Eventually.SeeAsync(() => _host.Services.GetRequiredService<BodyRoom>().Taken == 0, "the room is given back");
    }

    [Fact]
    public async Task Many_large_bodies_at_once_have_a_bounded_room_together()
    {
        const int Room = 3 * Megabyte;
        var room = new BodyRoom(Room);
        await using var services = new ServiceCollection().AddSingleton(room).BuildServiceProvider();
        var senders = Enumerable.Range(0, 8).Select(_ => new Pipe(new(pauseWriterThreshold: 0))).ToList();
        var reading = senders.Select(pipe => RequestBody.ReadAsync(Context(services, pipe.Reader), 2 * Megabyte).AsTask()).ToList();
        var part = Encoding.ASCII.GetBytes(new string(' ', Megabyte));
        foreach (var pipe in senders)
        {
            await pipe.Writer.WriteAsync(part);
            Assert.InRange(room.Taken, 0, Room);
        }

        // Three have a megabyte each, the others are turned away with the time to come back.
        await Eventually.SeeAsync(() => reading.Count(task => task.IsCompleted) == 5, "five are turned away");
        Assert.InRange(room.Taken, 0, Room);
        foreach (var pipe in senders)
        {
            await pipe.Writer.CompleteAsync();
        }

        var read = await Task.WhenAll(reading).WaitAsync(Patience);
        Assert.Equal(5, read.Count(one => one.Problem is { Type.Slug: "rate-limited", RetryAfter: not null }));
    }

    [Fact]
    public async Task Room_is_given_back_by_whoever_had_it()
    {
        var room = new BodyRoom(10, small: 0);
        await using var services = new ServiceCollection().AddSingleton(room).BuildServiceProvider();
        for (var time = 0; time < 3; time++)
        {
            var (body, problem) = await RequestBody.ReadAsync(Context(services, PipeReader.Create(new MemoryStream("{\"a\":[1]}"u8.ToArray()))), 10);
            Assert.Null(problem);
            Assert.Equal(9, room.Taken);
            var (_, refused) = await RequestBody.ReadAsync(Context(services, PipeReader.Create(new MemoryStream("[1]"u8.ToArray()))), 10);
            Assert.Equal("rate-limited", refused!.Type.Slug);
            body!.Dispose();
            body.Dispose();
            Assert.Equal(0, room.Taken);
        }
    }

    [Fact]
    public async Task Small_bodies_are_read_while_large_ones_hold_all_the_room()
    {
        var room = new BodyRoom(Megabyte);
        Assert.True(room.TryTake(Megabyte));
        await using var services = new ServiceCollection().AddSingleton(room).BuildServiceProvider();

        var (small, _) = await RequestBody.ReadAsync(Context(services, PipeReader.Create(new MemoryStream("{}"u8.ToArray()))), Megabyte);
        var (_, refused) = await RequestBody.ReadAsync(Context(services, PipeReader.Create(new MemoryStream(new byte[70_000]))), Megabyte);

        Assert.NotNull(small);
        Assert.Equal("rate-limited", refused!.Type.Slug);
    }

    async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        using var limit = new CancellationTokenSource(Patience);
        await client.ConnectAsync(_host.Client.BaseAddress!.Host, _host.Client.BaseAddress.Port, limit.Token);
        return client;
    }

    async Task SendHeadAsync(TcpClient client, string method, string path, string type, string length, string? key = null) =>
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"{method} /api/mail/{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key ?? _host.Key}\r\nIf-Match: \"0\"\r\nContent-Type: {type}\r\n{length}\r\n\r\n"));

    static async Task<string> StatusAsync(TcpClient client)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII, false, 1024, leaveOpen: true);
        return await reader.ReadLineAsync(limit.Token) ?? "";
    }

    /// <summary>Sends white space in chunks until an answer comes.</summary>
    static async Task<(long Sent, string Status)> PourAsync(TcpClient client, long most)
    {
        var answer = StatusAsync(client);
        const int Size = 64 * 1024;
        var chunk = Encoding.ASCII.GetBytes($"{Size.ToString("x", CultureInfo.InvariantCulture)}\r\n{new string(' ', Size)}\r\n");
        long sent = 0;
        using var limit = new CancellationTokenSource(Patience);
        while (sent < most && !answer.IsCompleted)
        {
            var write = client.GetStream().WriteAsync(chunk, limit.Token).AsTask();
            if (await Task.WhenAny(write, answer) == answer)
            {
                break;
            }

            try
            {
                await write;
            }
            catch (IOException)
            {
                // The server has answered and hung up.
                break;
            }

            sent += Size;
        }

        return (sent, await answer);
    }

    static DefaultHttpContext Context(IServiceProvider services, PipeReader body)
    {
        var context = new DefaultHttpContext { RequestServices = services };
        context.Request.ContentType = "application/json";
        context.Features.Set<IRequestBodyPipeFeature>(new Body(body));
        return context;
    }

    sealed class Body(PipeReader reader) : IRequestBodyPipeFeature
    {
        public PipeReader Reader => reader;
    }
}
