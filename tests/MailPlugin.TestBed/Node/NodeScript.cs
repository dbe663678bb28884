namespace MailPlugin.TestBed;

/// <summary>The command line of the one script that node runs here.</summary>
static class NodeScript
{
    public static string Command(string mode, string folder) => string.Join(' ', Words(mode, folder).Select(ServerProcess.Quote));

    public static IReadOnlyList<string> Words(string mode, string folder) =>
        [Programs.Find("node") ?? "node", Path.Combine(AppContext.BaseDirectory, "Node", "bed.mjs"), mode, BedFolder.Of("node_modules"), folder];
}
