using MailPlugin.Storage;
using MailPlugin.Storage.Postgres;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Storage;

[Needs(Server.PostgreSql)]
public sealed class PostgresQueueTests : QueueContract
{
    internal override async Task<IDatabase> OpenAsync() => (await PostgresStore.CreateAsync()).OpenAtCallersTime();

    internal override Task CloseAsync(IDatabase database) => ((PostgresDatabase)database).DisposeAsync().AsTask();
}

[Needs(Server.PostgreSql)]
public sealed class PostgresStoreTests : StoreContract
{
    internal override async Task<IDatabase> OpenAsync() => (await PostgresStore.CreateAsync()).Open();

    internal override Task CloseAsync(IDatabase database) => ((PostgresDatabase)database).DisposeAsync().AsTask();
}
