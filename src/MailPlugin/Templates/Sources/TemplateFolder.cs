using System.Globalization;
using System.Text;
using MailPlugin.Options;
using MailPlugin.Templates.Catalog;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Templates.Sources;

/// <summary>
/// The folder that the host's configuration names (<c>Templates:Path</c>), read at start and again whenever something in it changed. It is looked at rather
/// than watched: watches are silent on network and container mounts.
/// </summary>
internal sealed partial class TemplateFolder(MailPluginOptions options, TemplateRegister register, TimeProvider clock, ILogger<TemplateFolder> logger) : IHostedService, IDisposable
{
    const int MaxFiles = 1_000;
    const int MaxFileBytes = 128 * 1024;

    internal static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    readonly CancellationTokenSource _stopping = new();
    string? _seen;
    string? _toldFault;
    Task _looking = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.TemplatesPath is { } path)
        {
            ReadIfChanged(path);
            _looking = KeepLookingAsync(path);
        }

        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _looking;
    }

    public void Dispose() => _stopping.Dispose();

    async Task KeepLookingAsync(string path)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Look, clock, _stopping.Token);
                ReadIfChanged(path);
            }
        }
        catch (OperationCanceledException)
        {
            // The plugin stops.
        }
    }

    /// <summary>While the folder cannot be read, what was read of it stays.</summary>
    void ReadIfChanged(string path)
    {
        try
        {
            var files = Files(path);
            var seen = string.Join('\n', files.Select(Mark));
            if (seen != _seen)
            {
                register.UseFolder(TemplateFiles.Read(files.Select(file => (file.Name, Encoding.UTF8.GetString(ReadAll(file))))), path);
                _seen = seen;
                LogRead(files.Count, path);
            }

            _toldFault = null;
        }
        catch (Exception fault)
        {
            // Whatever is wrong with a file is no reason to stop looking, nor to keep a host from starting.
            if (_toldFault != fault.Message)
            {
                LogUnreadable(path, fault.Message);
                _toldFault = fault.Message;
            }
        }
    }

    static List<FileInfo> Files(string path) =>
    [
        .. new DirectoryInfo(path).EnumerateFiles().Where(file => file.Name[0] != '.' && file.Extension is ".subject" or ".html" or ".txt" or ".json")
            .OrderBy(file => file.Name, StringComparer.Ordinal).Take(MaxFiles),
    ];

    /// <summary>A mounted file is often a link whose own time never changes: where it leads to counts.</summary>
    static string Mark(FileInfo link)
    {
        var file = link.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? link;
        return string.Create(CultureInfo.InvariantCulture, $"{link.Name} {file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}");
    }

    /// <summary>Of a file that is too large only so much that it is refused as such.</summary>
    static byte[] ReadAll(FileInfo file)
    {
        using var stream = file.OpenRead();
        var bytes = new byte[(int)Math.Min(stream.Length, MaxFileBytes)];
        stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
    }

    [LoggerMessage(EventId = 1602, Level = LogLevel.Information, Message = "Read {Count} template files of {Path}")]
    partial void LogRead(int count, string path);

    [LoggerMessage(EventId = 1603, Level = LogLevel.Warning, Message = "The template folder {Path} cannot be read, what was read of it before stays: {Reason}")]
    partial void LogUnreadable(string path, string reason);
}
