using System.IO.Compression;
using System.Text.Json;
using Dapper;
using MailPlugin.Diagnostics.Transcripts;

namespace MailPlugin.Storage.Stores;

internal sealed class TranscriptStore(IDatabase database) : ITranscriptStore
{
    const int TrimStep = 200;

    long _added;

    public long Added => Interlocked.Read(ref _added);

    public Task AddAsync(Transcript transcript, CancellationToken cancellationToken)
    {
        var lines = Pack(transcript.Lines);
        Interlocked.Add(ref _added, lines.Length);
        return database.WriteAsync(
            connection => connection.Execute(
                """
                insert into transcripts (id, at, transport, message_id, outcome, line_count, truncated, bytes, lines)
                values (@Id, @At, @Transport, @Message, @Outcome, @LineCount, @Truncated, @Bytes, @Lines)
                """,
                new
                {
                    transcript.Id,
                    At = transcript.At.ToColumn(),
                    transcript.Transport,
                    transcript.Message,
                    transcript.Outcome,
                    LineCount = transcript.Lines.Count,
                    Truncated = transcript.Truncated ? 1 : 0,
                    Bytes = lines.Length,
                    Lines = lines,
                }),
            cancellationToken);
    }

    public async Task<Transcript?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var row = await database.ReadAsync(
            connection => connection.QueryFirstOrDefault<Row>($"select {Row.Columns}, lines from transcripts where id = @Id", new { Id = id }), cancellationToken);
        return row is null ? null : new()
        {
            Id = row.Id,
            At = row.At.ToTime(),
            Transport = row.Transport,
            Message = row.Message,
            Outcome = row.Outcome,
            Truncated = row.Truncated != 0,
            Lines = Unpack(row.Lines),
        };
    }

    public Task<IReadOnlyList<TranscriptSummary>> ListAsync(TranscriptFilter filter, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<TranscriptSummary>>(
            connection => [.. connection.Query<Row>(
                $"""
                select {Row.Columns} from transcripts
                where (@Message is null or message_id = @Message)
                  and (@Transport is null or transport = @Transport)
                  and (@BeforeTime is null or (at, id) < (@BeforeTime, @BeforeId))
                order by at desc, id desc limit @Limit
                """,
                new { filter.Message, filter.Transport, BeforeTime = filter.BeforeTime.ToColumn(), filter.BeforeId, filter.Limit })
                .Select(row => new TranscriptSummary(row.Id, row.At.ToTime(), row.Transport, row.Message, row.Outcome, (int)row.LineCount, row.Truncated != 0))],
            cancellationToken);

    public Task<int> ClearAsync(CancellationToken cancellationToken) =>
        database.WriteAsync(connection => connection.Execute("delete from transcripts"), cancellationToken);

    public Task<int> TrimAsync(DateTimeOffset olderThan, long maxBytes, CancellationToken cancellationToken) => database.WriteAsync(
        connection => connection.Execute(
            """
            delete from transcripts where id in (
              select id from (select id, at, sum(bytes) over (order by at desc, id desc) as total from transcripts) as kept
              where at < @OlderThan or total > @MaxBytes
              order by at limit @Step)
            """,
            new { OlderThan = olderThan.ToColumn(), MaxBytes = maxBytes, Step = TrimStep }),
        cancellationToken);

    internal static byte[] Pack(IReadOnlyList<TranscriptLine> lines)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            JsonSerializer.Serialize(brotli, lines);
        }

        return packed.ToArray();
    }

    internal static IReadOnlyList<TranscriptLine> Unpack(byte[] packed)
    {
        using var brotli = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress);
        return JsonSerializer.Deserialize<IReadOnlyList<TranscriptLine>>(brotli) ?? [];
    }

    sealed class Row
    {
        public const string Columns = "id, at, transport, message_id as Message, outcome, line_count as LineCount, truncated";

        public string Id { get; init; } = "";

        public long At { get; init; }

        public string Transport { get; init; } = "";

        public string? Message { get; init; }

        public string Outcome { get; init; } = "";

        public long LineCount { get; init; }

        public long Truncated { get; init; }

        public byte[] Lines { get; init; } = [];
    }
}
