using System.IO.Compression;
using System.Text.Json;
using Dapper;
using MailPlugin.Diagnostics.Doctor;

namespace MailPlugin.Storage.Stores;

internal sealed class DiagnosisStore(IDatabase database) : IDiagnosisStore
{
    public Task AddAsync(Diagnosis diagnosis, DateTimeOffset olderThan, int most, CancellationToken cancellationToken)
    {
        var row = new
        {
            diagnosis.Id,
            At = diagnosis.At.ToColumn(),
            diagnosis.Transport,
            Draft = diagnosis.IsDraft ? 1 : 0,
            Document = Pack(diagnosis),
            OlderThan = olderThan.ToColumn(),
            Most = most,
        };
        return database.WriteAsync(
            connection =>
            {
                connection.Execute("insert into diagnoses (id, at, transport, draft, document) values (@Id, @At, @Transport, @Draft, @Document)", row);
                return connection.Execute(
                    "delete from diagnoses where at < @OlderThan or id in (select id from diagnoses order by at desc, id desc limit 100 offset @Most)", row);
            },
            cancellationToken);
    }

    public async Task<Diagnosis?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var document = await database.ReadAsync(
            connection => connection.QueryFirstOrDefault<byte[]>("select document from diagnoses where id = @Id", new { Id = id }), cancellationToken);
        return document is null ? null : Unpack(document);
    }

    static byte[] Pack(Diagnosis diagnosis)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            JsonSerializer.Serialize(brotli, diagnosis);
        }

        return packed.ToArray();
    }

    static Diagnosis? Unpack(byte[] packed)
    {
        using var brotli = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress);
        return JsonSerializer.Deserialize<Diagnosis>(brotli);
    }
}
