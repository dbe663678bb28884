using System.Globalization;

namespace MailPlugin.TestBed;

/// <summary>A file system in memory, small enough to be filled, that can be made read-only. Mounted as root; unmounted even when the tests are killed.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    readonly Keeper _keeper;
    readonly string _filler;

    SmallDisk(Keeper keeper, string path)
    {
        (_keeper, Path) = (keeper, path);
        _filler = System.IO.Path.Combine(path, "filler");
    }

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    public static async Task<SmallDisk> MountAsync(int megabytes)
    {
        Requirement.Demand(Server.SmallDisk);
        var folder = new TempFolder();
        var path = Directory.CreateDirectory(folder.Of("disk")).FullName;
        var functions = string.Create(CultureInfo.InvariantCulture, $$"""
            start() { mount -t tmpfs -o size={{megabytes}}m,mode=0777 mailplugin "$P/disk" </dev/null >/dev/null 2>&1; }
            stop() { ! grep -qs " $P/disk " /proc/mounts || umount "$P/disk" 2>/dev/null || umount -l "$P/disk"; }
            alive() { grep -qs " $P/disk " /proc/mounts; }
            """);
        var keeper = Keeper.Start(folder, functions, asRoot: true);
        if (await keeper.OrderAsync("start") == 0)
        {
            return new(keeper, path);
        }

        await keeper.DisposeAsync();
        throw new InvalidOperationException("A tmpfs could not be mounted.");
    }

    /// <summary>Takes all room but this much.</summary>
    public void FillUpTo(int bytesLeft)
    {
        using var file = new FileStream(_filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        var page = new byte[4096];
        while (new DriveInfo(Path).AvailableFreeSpace > bytesLeft)
        {
            try
            {
                file.Write(page);
            }
            catch (IOException)
            {
                return;
            }
        }
    }

    /// <summary>Gives the room back.</summary>
    public void MakeRoom() => File.Delete(_filler);

    /// <summary>As a disk with errors is remounted. Nobody may have a file open for writing.</summary>
    public Task MakeReadOnlyAsync() => RemountAsync("ro");

    /// <summary>Nothing on it may be run.</summary>
    public Task ForbidProgramsAsync() => RemountAsync("noexec");

    public Task MakeWritableAsync() => RemountAsync("rw");

    public ValueTask DisposeAsync() => _keeper.DisposeAsync();

    async Task RemountAsync(string mode)
    {
        var command = Elevation.Command(asRoot: true, "mount", "-o", $"remount,{mode}", Path);
        await ForeignProgram.RunAsync([command.FileName, .. command.ArgumentList], default);
    }
}
