using System.Buffers;
using System.Text;
using System.Text.Json;

namespace MailPlugin.Diagnostics.Logs;

/// <summary>Writes server-sent events, several to a write. What is in them is JSON without a line end, so that no text can begin a field of its own.</summary>
internal sealed class EventWriter(Stream body, JsonSerializerOptions json)
{
    readonly ArrayBufferWriter<byte> _events = new(64 * 1024);

    public bool IsEmpty => _events.WrittenCount == 0;

    public void Add(LogPlace id, object data)
    {
        Write("id: ");
        Write(id.ToString());
        Write("\n");
        AddData(data);
    }

    public void Add(string name, object data)
    {
        Write("event: ");
        Write(name);
        Write("\n");
        AddData(data);
    }

    /// <summary>Dispatches nothing at the reader, who still learns how far the log has been read.</summary>
    public void AddComment(LogPlace? id) => Write(id is null ? ": nothing new\n\n" : $": nothing new\nid: {id}\n\n");

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await body.WriteAsync(_events.WrittenMemory, cancellationToken);
        await body.FlushAsync(cancellationToken);
        _events.ResetWrittenCount();
    }

    void AddData(object data)
    {
        Write("data: ");
        using (var writer = new Utf8JsonWriter(_events, new() { Encoder = json.Encoder }))
        {
            JsonSerializer.Serialize(writer, data, json);
        }

        Write("\n\n");
    }

    void Write(string text) => Encoding.UTF8.GetBytes(text, _events);
}
