using System.Diagnostics;

namespace MailPlugin.TestBed;

/// <summary>A Maildir that a server delivers into.</summary>
public sealed class Mailbox
{
    readonly string _folder;
    readonly Func<Task<string>> _log;

    internal Mailbox(string folder, Func<Task<string>> log)
    {
        _folder = Path.Combine(folder, "new");
        _log = log;
    }

    /// <summary>Waits until so many messages (one for each recipient) are there and returns all there are, oldest first; fails with the server's log.</summary>
    public async Task<IReadOnlyList<ReceivedMessage>> ReadAsync(int count, TimeSpan timeout)
    {
        var clock = Stopwatch.StartNew();
        while (Files() is var files)
        {
            if (files.Count >= count)
            {
                return await Task.WhenAll(files.Select(async file => ReceivedMessage.Parse(await File.ReadAllBytesAsync(file.FullName))));
            }

            if (clock.Elapsed > timeout)
            {
                throw new TimeoutException($"{files.Count} of {count} messages arrived in {timeout}. The server's log:\n{await _log()}");
            }

            await Task.Delay(20);
        }

        return [];
    }

    /// <summary>Deletes what is there. For servers started as the tests' own user or by root.</summary>
    public void Clear() => Files().ForEach(file => file.Delete());

    // A Maildir name begins with the second of the delivery; within it the file's own time decides.
    List<FileInfo> Files() => Directory.Exists(_folder)
        ? [.. new DirectoryInfo(_folder).GetFiles().OrderBy(file => file.LastWriteTimeUtc).ThenBy(file => file.Name, StringComparer.Ordinal)]
        : [];
}
