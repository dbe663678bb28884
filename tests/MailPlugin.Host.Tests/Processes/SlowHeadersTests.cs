using System.Net.Sockets;
using MailPlugin.Host.Tests.Support;
using MailPlugin.TestBed;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MailPlugin.Host.Tests.Processes;

/// <summary>Callers who hold a connection by never finishing what they say.</summary>
public sealed class SlowHeadersTests : IDisposable
{
    static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    readonly TempFolder folder = new();

    [Fact]
    public async Task Whoever_drips_headers_is_let_go_and_the_others_are_served_meanwhile()
    {
        await using var host = await HostProcess.StartAsync(Path.Combine(Repository.Root, "plugins"), folder.Of("data"), "--Kestrel:Limits:RequestHeadersTimeout=00:00:02");
        using var end = new CancellationTokenSource(Long);
        var drips = Enumerable.Range(0, 50).Select(_ => DripAsync(host.Address, end.Token)).ToList();

        using var answer = await host.Client.GetAsync("api/mail/health", end.Token);
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.All(await Task.WhenAll(drips), said => Assert.True(said.Length == 0 || said.StartsWith("HTTP/1.1 408", StringComparison.Ordinal), said));
    }

    [Fact]
    public async Task Without_a_word_in_the_configuration_the_patience_is_fifteen_seconds()
    {
        await using var host = new HostInProcess(folder.Of("plugins"));
        var server = host.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value;

        Assert.Equal((TimeSpan.FromSeconds(15), false), (server.Limits.RequestHeadersTimeout, server.AddServerHeader));
    }

    public void Dispose() => folder.Dispose();

    /// <summary>One header line now and then, until the server ends it; what it said.</summary>
    static async Task<string> DripAsync(Uri host, CancellationToken end)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(host.Host, host.Port, end);
        var stream = client.GetStream();
        await stream.WriteAsync("GET /api/mail/health HTTP/1.1\r\nHost: localhost\r\n"u8.ToArray(), end);
        var answer = Task.Run(async () =>
        {
            using var reader = new StreamReader(stream, leaveOpen: true);
            try
            {
                return await reader.ReadToEndAsync(end);
            }
            catch (IOException)
            {
                // Ended by a reset.
                return "";
            }
        }, end);
        while (!answer.IsCompleted)
        {
            try
            {
                await stream.WriteAsync("X-More: 1\r\n"u8.ToArray(), end);
            }
            catch (IOException)
            {
                break;
            }

            await Task.WhenAny(answer, Task.Delay(100, end));
        }

        return await answer;
    }
}
