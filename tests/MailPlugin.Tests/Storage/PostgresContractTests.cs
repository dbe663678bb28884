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

    protected override void CheckSizes(long whole, long half, long none, long one) => Assert.Equal((4 * one, 2 * one, 0), (whole, half, none));
}

[Needs(Server.PostgreSql)]
public sealed class PostgresStoreTests : StoreContract
{
    internal override async Task<IDatabase> OpenAsync() => (await PostgresStore.CreateAsync()).Open();

    internal override Task CloseAsync(IDatabase database) => ((PostgresDatabase)database).DisposeAsync().AsTask();
}
