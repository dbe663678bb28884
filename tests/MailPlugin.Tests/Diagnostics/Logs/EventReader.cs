using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Diagnostics.Logs;

/// <summary>Reads server-sent events as a browser does.</summary>
internal sealed class EventReader : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly HttpResponseMessage _response;
    readonly StreamReader _reader;

    EventReader(HttpResponseMessage response, Stream stream) => (_response, _reader) = (response, new(stream));

    public int Status => (int)_response.StatusCode;

    public string? MediaType => _response.Content.Headers.ContentType?.MediaType;

    /// <summary>What the browser would send as Last-Event-ID.</summary>
    public string? LastId { get; private set; }

    /// <param name="host">Where to.</param>
    /// <param name="query">With its question mark.</param>
    /// <param name="prepare">Who asks; null: the administrator by key.</param>
    public static async Task<EventReader> OpenAsync(PluginHost host, string query = "", Action<HttpRequestMessage>? prepare = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/mail/logs/stream{query}");
        (prepare ?? (own => own.Headers.Authorization = new("Bearer", host.Key)))(request);
        var response = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return new(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>The next event; null at the end of the answer.</summary>
    public async Task<ServerEvent?> NextAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        var (name, data) = ("message", (string?)null);
        while (await _reader.ReadLineAsync(limit.Token) is { } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var value = colon < 0 ? "" : line[(colon + 1)..].TrimStart(' ');
            switch (colon < 0 ? line : line[..colon])
            {
                case "event":
                    name = value;
                    break;
                case "id":
                    LastId = value;
                    break;
                case "data":
                    data = data is null ? value : $"{data}\n{value}";
                    break;
                case "" when line.Length == 0 && data is not null:
                    return new(name, data, LastId);
                default:
                    break;
            }
        }

        return null;
    }

    public async Task<IReadOnlyList<ServerEvent>> TakeAsync(int count)
    {
        var events = new List<ServerEvent>();
        while (events.Count < count)
        {
            events.Add(await NextAsync() ?? throw new InvalidOperationException($"The stream ended after {events.Count} events."));
        }

        return events;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }
}

internal sealed record ServerEvent(string Name, string Data, string? Id)
{
    public string Message => System.Text.Json.Nodes.JsonNode.Parse(Data)!["message"]!.GetValue<string>();
}
