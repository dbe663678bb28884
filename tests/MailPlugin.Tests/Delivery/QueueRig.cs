using MailPlugin.Abstractions;
using MailPlugin.Delivery;
using MailPlugin.Nodes;
using MailPlugin.Options;
using MailPlugin.Queue;
using MailPlugin.Security.Audit;
using MailPlugin.Settings;
using MailPlugin.Storage;
using MailPlugin.Storage.Queue;
using MailPlugin.Storage.Sqlite;
using MailPlugin.Storage.Stores;
using MailPlugin.Submission;
using MailPlugin.Templates;
using MailPlugin.Templates.Store;
using MailPlugin.TestBed;
using MailPlugin.Tests.Support;
using MailPlugin.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailPlugin.Tests.Delivery;

/// <summary>Submission, queue and delivery as the plugin composes them, on a database of their own, with transports that the test scripts.</summary>
internal sealed class QueueRig : IAsyncDisposable
{
    readonly TempFolder _folder = new();
    SqliteDatabase _database = null!;
    ServiceProvider _services = null!;

    /// <summary>Where the database is: its own folder unless the test has one.</summary>
    public string? Folder { get; init; }

    public FakeSettings Settings { get; } = new();

    public ManualClock Clock { get; } = new();

    public DeliveryOptions Delivery { get; init; } = new() { StopGrace = TimeSpan.FromSeconds(10) };

    public SubmissionLimits Limits { get; init; } = new() { DiskFloor = 0 };

    public RetryOptions Retry { get; init; } = new();

    public IServiceProvider Services => _services;

    public IMailSubmission Submission => Get<IMailSubmission>();

    public IMessageReader Messages => Get<IMessageReader>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Builds it; delivery runs only once <see cref="StartDeliveryAsync"/> is called.</summary>
    public QueueRig Build(Action<IServiceCollection>? more = null)
    {
        var folder = Folder ?? _folder.Path;
        _database = SqliteDatabase.Open(Path.Combine(folder, "mail.db"), NullLogger.Instance);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton<ISettingsSource>(Settings);
        services.AddSingleton<ITransportDirectory>(Settings);
        services.AddSingleton(new DataFolder(folder));
        services.AddSingleton<IDatabase>(_database);
        services.AddSingleton<IAuditLog, AuditLog>();
        services.AddSingleton<INodeLock, LocalLock>();
        services.AddSingleton(Delivery);
        services.AddSingleton(Limits);
        services.AddSingleton(Retry);
        QueueStorage.Add(services);
        services.AddSingleton<ITemplateStore, TemplateStore>();
        TemplatesSlice.Add(services, () => []);
        SubmissionSlice.Add(services);
        DeliverySlice.Add(services);
        more?.Invoke(services);
        _services = services.BuildServiceProvider();
        return this;
    }

    public async Task<QueueRig> StartDeliveryAsync()
    {
        await Get<DeliveryWorker>().StartAsync(CancellationToken.None);
        return this;
    }

    public async Task<string> SubmitAsync(params string[] to) => (await Submission.SubmitAsync(Some.Submission(to))).Id;

    public async Task<string> SubmitAsync(MailSubmission submission) => (await Submission.SubmitAsync(submission)).Id;

    public async Task<MessageRecord> FindAsync(string id) => (await Messages.FindAsync(id, CancellationToken.None))!;

    public Task<MessageRecord> WaitForAsync(string id, MessageStatus status) =>
        Eventually.SeeAsync(() => FindAsync(id), message => message.Status == status, $"message {id} is to be {status}");

    /// <summary>Moves the clock and wakes delivery, which waits by the clock on the wall.</summary>
    public void Advance(TimeSpan time)
    {
        Clock.Advance(time);
        Get<QueueSignal>().Raise();
    }

    /// <summary>As after the end of the process: what was running is gone, the file is there.</summary>
    public async Task<QueueRig> RestartAsync()
    {
        await _services.GetRequiredService<DeliveryWorker>().StopAsync(CancellationToken.None);
        await CloseAsync();
        return Build();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _folder.Dispose();
    }

    async Task CloseAsync()
    {
        await _services.DisposeAsync();
        await _database.DisposeAsync();
    }
}
