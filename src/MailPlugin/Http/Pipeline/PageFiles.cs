using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace MailPlugin.Http.Pipeline;

/// <summary>
/// The files of the page, each read and compressed when it is first asked for and kept in memory until it changes on the disk: as many as lie in the
/// folder, whatever a caller makes of their names.
/// </summary>
/// <param name="files">The folder; it gives out nothing from outside of it and nothing hidden.</param>
internal sealed class PageFiles(IFileProvider files)
{
    readonly ConcurrentDictionary<string, (DateTimeOffset Modified, PageFile File)> _kept = new(OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);
    readonly FileExtensionContentTypeProvider _types = new();

    /// <summary>The file of a path, or null where there is none that may be served.</summary>
    public PageFile? Find(PathString path)
    {
        var name = path.Value is { } value && value.EndsWith('/') ? $"{value}index.html" : path.Value ?? "";
        if (!_types.TryGetContentType(name, out var type) || files.GetFileInfo(name) is not { Exists: true, PhysicalPath: { } place } found)
        {
            return null;
        }

        if (_kept.TryGetValue(place, out var kept) && kept.Modified == found.LastModified && kept.File.Size == found.Length)
        {
            return kept.File;
        }

        var file = new PageFile(Read(found), type);
        _kept[place] = (found.LastModified, file);
        return file;
    }

    static byte[] Read(IFileInfo file)
    {
        using var stream = file.CreateReadStream();
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
