using System.Data.Common;
using MailPlugin.Delivery;
using MailPlugin.Queue;
using MailPlugin.Storage;
using MailPlugin.Storage.Queue;
using MailPlugin.Tests.Support;
using MailPlugin.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace MailPlugin.Tests.Delivery;

/// <summary>What our own store cannot do is held against no message and no transport.</summary>
public sealed class StoreFaultTests
{
    [Fact]
    public async Task Content_that_cannot_be_read_costs_no_attempt_and_is_tried_again_at_once()
    {
        await using var rig = new QueueRig();
        var store = new BrokenReads();
        rig.Build(services => store.PutAround(services));
        var transport = rig.Settings.Add("primary");
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await rig.SubmitAsync());
        }

        store.Broken = true;
        await rig.StartDeliveryAsync();
        await Eventually.SeeAsync(() => store.Refused >= 5, "contents are asked for");
        store.Broken = false;

        foreach (var id in ids)
        {
            var sent = await Eventually.SeeAsync(
                () =>
                {
                    rig.Advance(TimeSpan.FromSeconds(0.1));
                    return rig.FindAsync(id);
                },
                message => message.Status == MessageStatus.Sent,
                "it is sent");
            Assert.Equal(AttemptOutcome.Accepted, Assert.Single(sent.Attempts).Outcome);
            Assert.True(sent.Recipients[0].At - sent.CreatedAt < TimeSpan.FromMinutes(4), "It waited as if it had been refused.");
        }

        Assert.Equal(5, transport.Sent.Count);
        Assert.Equal(TransportCondition.Healthy, rig.Get<TransportLines>().Get("primary").Health.Report().Condition);
    }

    /// <summary>A database whose readers fail for a while, as on a disk that has just filled.</summary>
    sealed class BrokenReads : IDatabase
    {
        IDatabase _inner = null!;

        public volatile bool Broken;

        public int Refused;

        public Dialect Dialect => _inner.Dialect;

        public void PutAround(IServiceCollection services)
        {
            _inner = (IDatabase)services.Last(service => service.ServiceType == typeof(IDatabase)).ImplementationInstance!;
            services.AddSingleton<IDeliveryQueue>(new DeliveryStore(this));
        }

        public Task<T> WriteAsync<T>(Func<DbConnection, T> work, CancellationToken cancellationToken) => _inner.WriteAsync(work, cancellationToken);

        public Task<T> ReadAsync<T>(Func<DbConnection, T> work, CancellationToken cancellationToken)
        {
            if (Broken)
            {
                Interlocked.Increment(ref Refused);
                throw new DatabaseUnavailableException("database or disk is full");
            }

            return _inner.ReadAsync(work, cancellationToken);
        }
    }
}
