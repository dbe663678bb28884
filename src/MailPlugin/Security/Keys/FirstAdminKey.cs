using MailPlugin.Nodes;
using MailPlugin.Options;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Security.Keys;

/// <summary>
/// Where no key exists one is made and laid into <c>&lt;Data&gt;/admin-key.txt</c>, readable by the host's user alone. The file goes at the
/// first sign-in. The console shows the path; the key itself only on a terminal, so that it enters no collected log.
/// </summary>
internal sealed partial class FirstAdminKey(IApiKeyStore store, INodeLock nodes, BootstrapKey bootstrap, DataFolder data, TimeProvider clock, ILogger<FirstAdminKey> logger)
{
    const string FileName = "admin-key.txt";
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    public string File => data.PathOf(FileName);

    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        // Nodes that start at once may even share the folder: none of them may write over the file of the one that wins.
        await using var alone = await nodes.TakeAsync("first-key", Longest, cancellationToken);
        if (bootstrap.IsSet || (await store.ListAsync(cancellationToken)).Count > 0)
        {
            return;
        }

        var text = KeyText.New();
        var key = new ApiKey
        {
            Id = KeyText.NewId("k_"),
            Name = "first",
            Hash = KeyText.Hash(text),
            Scopes = [Scopes.Admin],
            CreatedAt = clock.GetUtcNow(),
        };

        // The file first: a key whose file could not be written would lock everybody out.
        data.WritePrivate(FileName, text + "\n");
        if (!await store.AddAsync(key, onlyIfNone: true, cancellationToken))
        {
            RemoveFile();
            return;
        }

        LogMade(File);
        if (!Console.IsOutputRedirected)
        {
            await Console.Out.WriteLineAsync($"First admin key: {text}");
        }
    }

    /// <summary>Somebody has signed in: the key is known, the file is no longer needed.</summary>
    public void RemoveFile()
    {
        try
        {
            System.IO.File.Delete(File);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            LogNotRemoved(File, fault);
        }
    }

    [LoggerMessage(EventId = 1102, Level = LogLevel.Information, Message = "The first admin key is in {File}; the file goes at the first sign-in")]
    partial void LogMade(string file);

    [LoggerMessage(EventId = 1103, Level = LogLevel.Warning, Message = "{File} could not be removed: delete it by hand")]
    partial void LogNotRemoved(string file, Exception fault);
}
