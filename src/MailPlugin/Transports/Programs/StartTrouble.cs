using System.ComponentModel;

namespace MailPlugin.Transports.Programs;

/// <summary>Why a program could not be started, told from what the system said and what lies at its path.</summary>
internal static class StartTrouble
{
    const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public static ProgramEnd Of(string path, Win32Exception fault) => fault.NativeErrorCode switch
    {
        Libc.NoSuchFile when File.Exists(path) => ProgramEnd.InterpreterMissing,
        Libc.NoSuchFile or Libc.NotAFolder => ProgramEnd.Missing,
        Libc.PermissionDenied when Directory.Exists(path) => ProgramEnd.IsFolder,
        Libc.PermissionDenied when CannotBeRunByAnybody(path) => ProgramEnd.NotExecutable,
        Libc.PermissionDenied => ProgramEnd.PermissionDenied,
        Libc.NoExecutableFormat => ProgramEnd.NotAProgram,
        _ => ProgramEnd.NotStarted,
    };

    static bool CannotBeRunByAnybody(string path)
    {
        try
        {
            return !OperatingSystem.IsWindows() && File.Exists(path) && (File.GetUnixFileMode(path) & AnyExecute) == 0;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
