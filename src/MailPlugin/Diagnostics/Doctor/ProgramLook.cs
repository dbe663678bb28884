using System.Text;
using MailPlugin.Transports.Programs;

namespace MailPlugin.Diagnostics.Doctor;

/// <summary>What lies at a program's path, seen without running it.</summary>
/// <param name="Path">As it is set.</param>
/// <param name="RealPath">Where its links lead.</param>
/// <param name="Trouble">Why it cannot be run; null where nothing speaks against it.</param>
/// <param name="Mode">Its rights, as <c>ls</c> writes them; empty where there is nothing.</param>
internal sealed record ProgramLook(string Path, string RealPath, ProgramEnd? Trouble, string Mode)
{
    const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    const int LongestFirstLine = 256;

    /// <summary>The program that does the work, by the name of its file.</summary>
    public string Kind => System.IO.Path.GetFileName(RealPath);

    /// <summary>Absolute path of what may stand beside it.</summary>
    public string Beside(string name) => System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(RealPath) ?? "/", name));

    public static ProgramLook At(string path)
    {
        try
        {
            var real = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            if (Directory.Exists(real))
            {
                return new(path, real, ProgramEnd.IsFolder, "");
            }

            if (!OperatingSystem.IsLinux())
            {
                return new(path, real, ProgramEnd.NotSupported, "");
            }

            // A folder above it that nobody may enter hides what is in it.
            var forbidden = Libc.WhyNotRun(real) == Libc.PermissionDenied;
            return File.Exists(real) ? OfFile(path, real, File.GetUnixFileMode(real), forbidden) : new(path, real, forbidden ? ProgramEnd.PermissionDenied : ProgramEnd.Missing, "");
        }
        catch (UnauthorizedAccessException)
        {
            return new(path, path, ProgramEnd.PermissionDenied, "");
        }
        catch (IOException)
        {
            return new(path, path, ProgramEnd.Missing, "");
        }
    }

    static ProgramLook OfFile(string path, string real, UnixFileMode mode, bool forbidden)
    {
        var trouble = (mode & AnyExecute) == 0 ? ProgramEnd.NotExecutable : forbidden ? ProgramEnd.PermissionDenied : TroubleInside(real);
        return new(path, real, trouble, Write(mode));
    }

    /// <summary>A script names in its first line who runs it. What cannot be read may still be run.</summary>
    static ProgramEnd? TroubleInside(string real)
    {
        try
        {
            using var file = File.OpenRead(real);
            var first = new byte[LongestFirstLine];
            var count = file.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
            var line = first.AsSpan(0, count);
            if (!line.StartsWith("#!"u8))
            {
                return line.StartsWith("\u007fELF"u8) ? null : ProgramEnd.NotAProgram;
            }

            var end = line.IndexOf((byte)'\n');
            var interpreter = Encoding.UTF8.GetString(line[2..(end < 0 ? count : end)]).TrimStart(' ', '\t').Split(' ', '\t')[0];
            return File.Exists(interpreter) ? null : ProgramEnd.InterpreterMissing;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    static string Write(UnixFileMode mode)
    {
        var text = new StringBuilder(9);
        for (var bit = 8; bit >= 0; bit--)
        {
            text.Append(((int)mode & (1 << bit)) != 0 ? "xwr"[bit % 3] : '-');
        }

        return text.ToString();
    }
}
