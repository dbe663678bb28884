using MailPlugin.Storage;
using MailPlugin.Storage.Sqlite;
using MailPlugin.TestBed;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailPlugin.Tests.Storage;

public sealed class SqliteQueueTests : QueueContract
{
    readonly TempFolder _folder = new();

    internal override Task<IDatabase> OpenAsync() => Task.FromResult<IDatabase>(SqliteDatabase.Open(_folder.Of("mail.db"), NullLogger.Instance));

    internal override async Task CloseAsync(IDatabase database)
    {
        await ((SqliteDatabase)database).DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Whole pages, with what else is in the file.</summary>
    protected override void CheckSizes(long whole, long half, long none, long one)
    {
        Assert.InRange(whole - half, 1.8 * one, 2.5 * one);
        Assert.InRange(half - none, 1.8 * one, 2.5 * one);
        Assert.True(none > 0);
    }
}

public sealed class SqliteStoreTests : StoreContract
{
    readonly TempFolder _folder = new();

    internal override Task<IDatabase> OpenAsync() => Task.FromResult<IDatabase>(SqliteDatabase.Open(_folder.Of("mail.db"), NullLogger.Instance));

    internal override async Task CloseAsync(IDatabase database)
    {
        await ((SqliteDatabase)database).DisposeAsync();
        _folder.Dispose();
    }
}
