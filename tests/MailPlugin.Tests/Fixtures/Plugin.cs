using MailPlugin.Options;
using MailPlugin.Security.Keys;
using MailPlugin.Security.Secrets;
using MailPlugin.Storage.Sqlite;
using MailPlugin.Storage.Stores;
using MailPlugin.TestBed;
using MailPlugin.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MailPlugin.Tests.Fixtures;

/// <summary>Parts of the plugin on a data folder of their own, for tests below HTTP.</summary>
internal sealed class Plugin : IAsyncDisposable
{
    readonly TempFolder _temp = new();
    SqliteDatabase? _database;

    Plugin() => Data = new(_temp.Of("data"));

    public DataFolder Data { get; }

    public RecordedLog Log { get; } = new();

    public ManualClock Clock { get; } = new();

    public string DatabaseFile => Data.PathOf("mail.db");

    public SqliteDatabase Database => _database ??= SqliteDatabase.Open(DatabaseFile, Log.Of<SqliteDatabase>());

    public static Plugin Create() => new();

    /// <summary>A protector with the keys of the data folder, as after a start.</summary>
    public ISecretProtector NewProtector()
    {
        var services = new ServiceCollection();
        services.AddDataProtection().SetApplicationName("MailPlugin");
        services.Configure<KeyManagementOptions>(keys => keys.XmlRepository = new KeyRingFiles(Data));
        return new DataProtectionProtector(services.BuildServiceProvider().GetRequiredService<IDataProtectionProvider>());
    }

    /// <summary>Closes the database, as a stop does; the next use opens it again.</summary>
    public async Task CloseAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
            _database = null;
        }
    }

    /// <summary>The keys of the database, read.</summary>
    public async Task<KeyRegister> LoadKeysAsync()
    {
        var keys = new KeyRegister(new ApiKeyStore(Database), new BootstrapKey(Options()), Clock, Log.Of<KeyRegister>());
        await keys.LoadAsync(CancellationToken.None);
        return keys;
    }

    public static MailPluginOptions Options(Dictionary<string, string?>? options = null, string root = "/srv/host") => MailPluginOptions.Read(
        new ConfigurationBuilder().AddInMemoryCollection((options ?? []).ToDictionary(pair => $"MailPlugin:{pair.Key}", pair => pair.Value)).Build(), root);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _temp.Dispose();
    }
}
