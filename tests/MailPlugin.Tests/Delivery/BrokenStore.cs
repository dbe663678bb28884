using System.Data.Common;
using MailPlugin.Queue;
using MailPlugin.Storage;
using MailPlugin.Storage.Queue;
using Microsoft.Extensions.DependencyInjection;

namespace MailPlugin.Tests.Delivery;

/// <summary>A database that does not let delivery read or write for a while, as on a disk that has just filled.</summary>
internal sealed class BrokenStore : IDatabase
{
    IDatabase _inner = null!;

    public volatile bool ReadsFail;

    public volatile bool WritesFail;

    /// <summary>How often it refused.</summary>
    public int Refused;

    public Dialect Dialect => _inner.Dialect;

    public void PutAround(IServiceCollection services)
    {
        _inner = (IDatabase)services.Last(service => service.ServiceType == typeof(IDatabase)).ImplementationInstance!;
        services.AddSingleton<IDeliveryQueue>(new DeliveryStore(this));
    }

    public Task<T> WriteAsync<T>(Func<DbConnection, T> work, CancellationToken cancellationToken) => WritesFail ? Refuse<T>() : _inner.WriteAsync(work, cancellationToken);

    public Task<T> ReadAsync<T>(Func<DbConnection, T> work, CancellationToken cancellationToken) => ReadsFail ? Refuse<T>() : _inner.ReadAsync(work, cancellationToken);

    Task<T> Refuse<T>()
    {
        Interlocked.Increment(ref Refused);
        throw new DatabaseUnavailableException("database or disk is full");
    }
}
