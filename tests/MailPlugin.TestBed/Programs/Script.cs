namespace MailPlugin.TestBed;

/// <summary>Programs that tests write themselves.</summary>
public static class Script
{
    /// <summary>Writes an executable file for <c>/bin/sh</c> and gives its path.</summary>
    public static string Write(TempFolder folder, string name, string body) => WriteRaw(folder, name, $"#!/bin/sh\n{body}\n");

    /// <summary>Writes an executable file as it stands.</summary>
    public static string WriteRaw(TempFolder folder, string name, string text)
    {
        var path = folder.Write(name, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        }

        return path;
    }

    /// <summary>A word for the shell.</summary>
    public static string Quote(string word) => ServerProcess.Quote(word);
}
