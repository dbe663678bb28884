using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace MailPlugin.Host.Tests.Faults;

/// <summary>
/// Several callers that submit one message after the other, each with a key of its own, and submit it again with the same key until it is accepted: what careful callers do
/// while a host is killed under them.
/// </summary>
internal sealed class Load : IAsyncDisposable
{
    readonly string _key;
    readonly Func<long> _delivered;
    readonly int _backlog;
    readonly CancellationTokenSource _stop = new();
    readonly ConcurrentDictionary<string, string> _acknowledged = new(StringComparer.Ordinal);
    readonly ConcurrentQueue<string> _surprises = new();
    readonly Task _callers;
    HttpClient[] _hosts = [];
    int _number;
    int _turn;

    /// <param name="delivered">How many were delivered; the load waits while more than <paramref name="backlog"/> are not.</param>
    public Load(string key, int callers, int backlog, Func<long> delivered)
    {
        (_key, _backlog, _delivered) = (key, backlog, delivered);
        _callers = Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(SubmitAsync)));
    }

    /// <summary>Message-IDs that were answered with 202, each with its subject.</summary>
    public IReadOnlyDictionary<string, string> Acknowledged => _acknowledged;

    /// <summary>Answers that nobody should get.</summary>
    public IReadOnlyList<string> Surprises => [.. _surprises];

    /// <summary>Where to submit from now on, in turn; nowhere while there is no host.</summary>
    public void Turn(params HttpClient[] hosts) => Volatile.Write(ref _hosts, hosts);

    /// <summary>Ends when every message that was begun is acknowledged.</summary>
    public Task FinishAsync()
    {
        _stop.Cancel();
        return _callers.WaitAsync(TimeSpan.FromSeconds(120));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Turn();
    }

    async Task SubmitAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            if (_acknowledged.Count - _delivered() > _backlog)
            {
                await Task.Delay(5);
                continue;
            }

            var number = Interlocked.Increment(ref _number);
            while (!await TrySubmitAsync($"load {number}"))
            {
                await Task.Delay(20);
                if (_stop.IsCancellationRequested && Volatile.Read(ref _hosts).Length == 0)
                {
                    return;
                }
            }
        }
    }

    async Task<bool> TrySubmitAsync(string subject)
    {
        var hosts = Volatile.Read(ref _hosts);
        if (hosts.Length == 0)
        {
            return false;
        }

        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "api/mail/messages") { Content = JsonContent.Create(Message(subject)) };
            request.Headers.Authorization = new("Bearer", _key);
            request.Headers.Add("Idempotency-Key", subject);
            using var response = await hosts[Interlocked.Increment(ref _turn) % hosts.Length].SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            if (response.StatusCode == HttpStatusCode.Accepted)
            {
                _acknowledged[JsonNode.Parse(text)!["messageId"]!.GetValue<string>()] = subject;
                return true;
            }

            // Until the store is open.
            if (response.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                _surprises.Enqueue($"{(int)response.StatusCode}: {text}");
            }
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Killed: whether it was accepted is not known. The same key asks.
        }

        return false;
    }

    static JsonObject Message(string subject) => new()
    {
        ["to"] = new JsonArray(new JsonObject { ["address"] = "reader@test.example" }),
        ["subject"] = subject,
        ["text"] = new string('m', 2000),
    };
}
