using System.Text.Json;
using MailPlugin.Options;
using Microsoft.Extensions.Configuration;

namespace MailPlugin.Settings.FromHost;

/// <summary>The host's layer of settings as it was last read without a fault.</summary>
internal sealed class HostSettings
{
    static readonly JsonDocumentOptions AsConfigurationReadsIt = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    readonly IConfiguration _configuration;
    readonly string _root;
    readonly Lock _gate = new();
    HostLayer _current;
    string? _fault;

    /// <param name="configuration">The host's whole configuration.</param>
    /// <param name="root">Where relative paths begin.</param>
    /// <exception cref="InvalidOptionException">A key is not known or a value is wrong.</exception>
    public HostSettings(IConfiguration configuration, string root)
    {
        (_configuration, _root) = (configuration, root);
        _current = new HostLayerReader(configuration, root).Read();
    }

    public HostLayer Current => Volatile.Read(ref _current);

    /// <summary>What is wrong with the configuration as it now is; the layer is then the one before.</summary>
    public string? Fault => Volatile.Read(ref _fault);

    /// <summary>Reads again. Says whether the layer changed; a fault is in <see cref="Fault"/> and changes nothing.</summary>
    public bool Refresh()
    {
        lock (_gate)
        {
            try
            {
                RefuseBrokenFiles();
                var layer = new HostLayerReader(_configuration, _root).Read();
                Volatile.Write(ref _fault, null);
                if (layer.Says(_current))
                {
                    return false;
                }

                Volatile.Write(ref _current, layer);
                return true;
            }
            catch (InvalidOptionException wrong)
            {
                Volatile.Write(ref _fault, wrong.Message);
                return false;
            }
        }
    }

    /// <summary>
    /// A file of the configuration that cannot be read is an empty one to the framework, and its values would be gone without a word: that
    /// a file is half written or gone is no decision.
    /// </summary>
    void RefuseBrokenFiles()
    {
        foreach (var file in _current.Files.Where(file => file.EndsWith(".json", StringComparison.OrdinalIgnoreCase)))
        {
            try
            {
                using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                using var _ = JsonDocument.Parse(stream, AsConfigurationReadsIt);
            }
            catch (JsonException fault)
            {
                throw new InvalidOptionException("Settings", $"cannot be read: {file} is not JSON (line {fault.LineNumber + 1})");
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                throw new InvalidOptionException("Settings", $"cannot be read: {fault.Message}");
            }
        }
    }
}
