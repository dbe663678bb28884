using System.Xml.Linq;
using Dapper;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace MailPlugin.Storage.Stores;

/// <summary>The Data Protection keys in the database that all nodes share. Data Protection asks rarely and cannot wait otherwise than so.</summary>
internal sealed class KeyRingStore(IDatabase database, TimeProvider clock) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() => database.ReadAsync(
        connection => connection.Query<string>("select document from key_ring order by name").Select(XElement.Parse).ToList(), CancellationToken.None).GetAwaiter().GetResult();

    public void StoreElement(XElement element, string friendlyName) => database.WriteAsync(
        connection => connection.Execute(
            "insert into key_ring (name, document, stored_at) values (@Name, @Document, @At) on conflict (name) do update set document = excluded.document, stored_at = excluded.stored_at",
            new { Name = friendlyName, Document = element.ToString(SaveOptions.DisableFormatting), At = clock.GetUtcNow().ToColumn() }),
        CancellationToken.None).GetAwaiter().GetResult();
}
