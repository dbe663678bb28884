using MailPlugin.Delivery;
using MailPlugin.Nodes;
using MailPlugin.Options;
using MailPlugin.Queue;
using MailPlugin.Security.Audit;
using MailPlugin.Settings;
using MailPlugin.Storage;
using MailPlugin.Storage.Postgres;
using MailPlugin.Storage.Queue;
using MailPlugin.Storage.Sqlite;
using MailPlugin.Storage.Stores;
using MailPlugin.Submission;
using MailPlugin.Templates;
using MailPlugin.Templates.Store;
using MailPlugin.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailPlugin.Benchmarks;

/// <summary>Submission and queue as the plugin composes them, over a data folder, without delivery and without HTTP.</summary>
internal sealed class QueueRig : IAsyncDisposable
{
    readonly ServiceProvider _services;
    readonly IDatabase _database;

    public QueueRig(string folder, RetentionOptions? retention = null, PostgresTarget? store = null)
    {
        Directory.CreateDirectory(folder);
        _database = store is null
            ? SqliteDatabase.Open(Path.Combine(folder, "mail.db"), NullLogger.Instance)
            : PostgresDatabase.Open(store, TimeProvider.System, NullLogger.Instance);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<ISettingsSource, NoSettings>();
        services.AddSingleton<ITransportDirectory, NoSettings>();
        services.AddSingleton(new DataFolder(folder));
        services.AddSingleton(_database);
        services.AddSingleton<INodes, SingleNode>();
        services.AddSingleton<IStoreChanges, SingleNode>();
        services.AddSingleton<INodeLock, LocalLock>();
        services.AddSingleton<IAuditLog, AuditLog>();
        services.AddSingleton(retention ?? new RetentionOptions());
        QueueStorage.Add(services);
        services.AddSingleton<ITemplateStore, TemplateStore>();
        TemplatesSlice.Add(services, () => []);
        SubmissionSlice.Add(services);
        DeliverySlice.Add(services);
        _services = services.BuildServiceProvider();
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Messages whose row and bytes are there, counted one by one.</summary>
    public Task<long> CountAsync() => _database.ReadAsync(
        connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "select count(*) from messages m join message_contents c on c.key = m.key";
            return (long)command.ExecuteScalar()!;
        },
        CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await ((IAsyncDisposable)_database).DisposeAsync();
    }

    sealed class NoSettings : ISettingsSource, ITransportDirectory
    {
        public VersionedSettings Current { get; } = new(1, null, null, MailSettings.Empty);

        public IReadOnlyList<TransportSettings> InOrder => [];

        event Action<VersionedSettings>? ISettingsSource.Changed
        {
            add { }
            remove { }
        }

        event Action<IReadOnlyCollection<string>>? ITransportDirectory.Changed
        {
            add { }
            remove { }
        }

        public TransportLoan? Borrow(string id) => null;
    }
}
