using System.Text;
using System.Text.Json;
using MailPlugin.Abstractions;

namespace MailPlugin.Host.Loading;

/// <summary>Reads <c>plugin.json</c>. Strict, because a misspelt property that is ignored is a fault found much later.</summary>
internal static class PluginManifestReader
{
    const int MaximumBytes = 64 * 1024;

    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <exception cref="PluginManifestException">The only exception, whatever the file holds.</exception>
    public static PluginManifest ReadFile(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[MaximumBytes + 1];
            return Read(bytes.AsSpan(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PluginManifestException([$"cannot be read: {e.Message}"], e);
        }
    }

    /// <exception cref="PluginManifestException">The only exception, whatever the bytes are.</exception>
    public static PluginManifest Read(ReadOnlySpan<byte> json)
    {
        if (json.Length > MaximumBytes)
        {
            throw new PluginManifestException([$"is larger than {MaximumBytes} bytes"]);
        }

        try
        {
            using var document = JsonDocument.Parse(Utf8.GetString(json).TrimStart('\uFEFF'), Strict);
            return Read(document.RootElement);
        }
        catch (DecoderFallbackException e)
        {
            throw new PluginManifestException(["is not UTF-8"], e);
        }
        catch (JsonException e)
        {
            throw new PluginManifestException([$"is not valid JSON: {e.Message}"], e);
        }
        catch (InvalidOperationException e)
        {
            // An escaped half of a surrogate pair: JSON allows it, no .NET string should hold it.
            throw new PluginManifestException(["holds a text that is not valid Unicode"], e);
        }
    }

    static PluginManifest Read(JsonElement root)
    {
        var faults = new List<string>();
        var fields = new ManifestFields(root, "", faults);
        var minimum = fields.Text("minimumContract", ManifestRules.Contract);
        var maximum = fields.Text("maximumContract", ManifestRules.Contract);
        var manifest = new PluginManifest
        {
            Id = fields.Text("id", ManifestRules.Id),
            Name = fields.Text("name", ManifestRules.Title),
            Version = fields.Text("version", ManifestRules.Version),
            Assembly = fields.Text("assembly", ManifestRules.Assembly),
            EntryType = fields.Text("entryType", ManifestRules.EntryType),
            MinimumContract = minimum.Length == 0 ? new Version(0, 0) : Version.Parse(minimum),
            MaximumContract = maximum.Length == 0 ? new Version(0, 0) : Version.Parse(maximum),
            Pages = [.. fields.OptionalList("pages").Select(page => ReadPage(page, faults))],
        };
        fields.RefuseTheRest();
        if (minimum.Length > 0 && maximum.Length > 0 && manifest.MinimumContract > manifest.MaximumContract)
        {
            faults.Add("maximumContract: must not be below minimumContract");
        }

        return faults.Count == 0 ? manifest : throw new PluginManifestException(faults);
    }

    static PluginPage ReadPage((JsonElement Element, string Path) page, List<string> faults)
    {
        var fields = new ManifestFields(page.Element, page.Path + ".", faults);
        var result = new PluginPage(fields.Text("title", ManifestRules.Title), fields.Text("path", ManifestRules.PagePath));
        fields.RefuseTheRest();
        return result;
    }
}
