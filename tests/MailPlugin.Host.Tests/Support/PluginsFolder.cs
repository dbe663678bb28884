using System.Text.Json.Nodes;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Support;

/// <summary>A <c>plugins</c> folder put together for one test from what the fixture projects were built to.</summary>
internal sealed class PluginsFolder : IDisposable
{
    readonly TempFolder _folder = new();

    public PluginsFolder() => Path = _folder.Make("plugins");

    public string Path { get; }

    /// <summary>Copies a fixture's output into a folder of its own and answers that folder.</summary>
    public string Add(string fixture, string? name = null, Action<JsonObject>? manifest = null)
    {
        var target = AddCopy(Repository.Fixture(fixture), name ?? fixture);
        if (manifest is not null)
        {
            var file = System.IO.Path.Combine(target, "plugin.json");
            var content = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
            manifest(content);
            File.WriteAllText(file, content.ToJsonString());
        }

        return target;
    }

    public string AddCopy(string source, string name)
    {
        var target = System.IO.Path.Combine(Path, name);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = System.IO.Path.Combine(target, System.IO.Path.GetRelativePath(source, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return target;
    }

    public void Dispose() => _folder.Dispose();
}
