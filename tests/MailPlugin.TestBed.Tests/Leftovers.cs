namespace MailPlugin.TestBed.Tests;

/// <summary>The processes that still belong to a folder: named in their command line, or working in it.</summary>
static class Leftovers
{
    public static IReadOnlyList<string> Of(string folder) =>
        [.. Directory.GetDirectories("/proc").Where(entry => int.TryParse(Path.GetFileName(entry), out _)).Select(entry => Line(entry, folder)).OfType<string>()];

    static string? Line(string entry, string folder)
    {
        try
        {
            var command = File.ReadAllText(Path.Combine(entry, "cmdline")).Replace('\0', ' ');
            var place = new FileInfo(Path.Combine(entry, "cwd")).LinkTarget ?? "";
            return command.Contains(folder, StringComparison.Ordinal) || place.StartsWith(folder, StringComparison.Ordinal) ? $"{command} in {place}" : null;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
