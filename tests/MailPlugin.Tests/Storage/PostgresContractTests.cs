using MailPlugin.Storage;
using MailPlugin.Storage.Postgres;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Support;

namespace MailPlugin.Tests.Storage;

[Needs(Server.PostgreSql)]
public sealed class PostgresQueueTests : QueueContract
{
    internal override async Task<IDatabase> OpenAsync() => (await PostgresStore.CreateAsync()).OpenAtCallersTime();

    internal override Task CloseAsync(IDatabase database) => ((PostgresDatabase)database).DisposeAsync().AsTask();

    [ContractFact]
    public async Task What_one_source_has_comes_in_the_order_in_which_it_is_due()
    {
        var messages = Enumerable.Range(0, 20).Select(number => Some.Message(Now) with { NotBefore = Now.AddSeconds((number * 7) % 20) }).ToList();
        await StoreAsync([.. messages]);

        var claimed = (await ClaimAsync(Now.AddMinutes(1))).Messages;

        Assert.Equal(messages.OrderBy(message => message.NotBefore).Select(message => message.Id), claimed.Select(message => message.Id));
    }

    [ContractFact]
    public async Task What_comes_along_with_a_claim_is_bounded_however_many_it_takes()
    {
        const int Size = 30 * 1024;
        const int Most = 2 * 1024 * 1024;
        await StoreAsync([.. Enumerable.Range(0, 100).Select(_ => Some.Message(Now) with { Body = new byte[Size] })]);

        var claimed = await ClaimAsync(Now);

        Assert.Equal(100, claimed.Messages.Count);
        Assert.InRange(claimed.Contents.Values.Sum(content => (long)content.Body.Length), Most - (2 * Size), Most);

        // Those that go first have theirs.
        Assert.Equal(claimed.Messages.Take(claimed.Contents.Count).Select(message => message.Key).Order(), claimed.Contents.Keys.Order());
    }

    protected override void CheckSizes(long whole, long half, long none, long one) => Assert.Equal((4 * one, 2 * one, 0), (whole, half, none));
}

[Needs(Server.PostgreSql)]
public sealed class PostgresStoreTests : StoreContract
{
    internal override async Task<IDatabase> OpenAsync() => (await PostgresStore.CreateAsync()).Open();

    internal override Task CloseAsync(IDatabase database) => ((PostgresDatabase)database).DisposeAsync().AsTask();
}
