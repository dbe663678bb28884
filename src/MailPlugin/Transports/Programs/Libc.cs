using System.Runtime.InteropServices;

namespace MailPlugin.Transports.Programs;

/// <summary>
/// Calls of the C library (glibc and musl) that .NET has no words for: a program in a session of its own, so that it can be ended with all its
/// children, and a pipe that is filled before anybody reads it.
/// </summary>
internal static partial class Libc
{
    public const int SignalTerminate = 15;
    public const int SignalKill = 9;

    /// <summary>ENOENT and its like: what the kernel says when it cannot start a program.</summary>
    public const int NoSuchFile = 2, NoExecutableFormat = 8, PermissionDenied = 13, NotAFolder = 20, InUse = 26;

    public const short SetSignalDefaults = 0x04, SetSignalMask = 0x08, SetSession = 0x80;

    const string Library = "libc";
    const int GetPipeSize = 1032;
    const int MayRun = 1;
    const uint CloseOnExec = 1;
    const uint BytesToRead = 0x541B;
    const int UnixDomain = 1, StreamSocket = 1, SocketCloseOnExec = 0x80000;

    /// <summary>Gives an error number, 0 for none; failures of the exec itself included.</summary>
    [LibraryImport(Library, EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Spawn(out int pid, string path, byte[] actions, byte[] attributes, string?[] arguments, string?[] environment);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_init")]
    public static partial int InitActions([In, Out] byte[] actions);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static partial int AddDuplicate([In, Out] byte[] actions, SafeHandle handle, int number);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_addchdir_np", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int AddFolder([In, Out] byte[] actions, string folder);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_destroy")]
    public static partial int DestroyActions([In, Out] byte[] actions);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_init")]
    public static partial int InitAttributes([In, Out] byte[] attributes);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setflags")]
    public static partial int SetFlags([In, Out] byte[] attributes, short flags);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setsigmask")]
    public static partial int SetBlockedSignals([In, Out] byte[] attributes, byte[] signals);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setsigdefault")]
    public static partial int SetDefaultSignals([In, Out] byte[] attributes, byte[] signals);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_destroy")]
    public static partial int DestroyAttributes([In, Out] byte[] attributes);

    /// <summary>Waits for a child; -1 with an error number on failure.</summary>
    [LibraryImport(Library, EntryPoint = "waitpid", SetLastError = true)]
    public static partial int WaitFor(int pid, out int status, int options);

    /// <summary>Signals a process, or with a negative number the group of that number.</summary>
    [LibraryImport(Library, EntryPoint = "kill")]
    public static partial int Kill(int pid, int signal);

    /// <summary>A file in memory that has no name anywhere and goes with its last handle.</summary>
    public static nint CreateMemoryFile(string name) => MemoryFile(name, CloseOnExec);

    /// <summary>Why this host's user may not run a file, or not even see it: an error number, 0 for nothing.</summary>
    public static int WhyNotRun(string path) => Access(path, MayRun) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>How much a pipe takes before whoever writes has to wait.</summary>
    public static int PipeSize(SafeHandle pipe) => Control(pipe, GetPipeSize, 0);

    /// <summary>How much of what was written into a pipe nobody has read.</summary>
    public static int Unread(SafeHandle pipe) => Ask(pipe, BytesToRead, out var count) == 0 ? count : 0;

    /// <summary>Two sockets that are connected to each other.</summary>
    public static (nint Ours, nint Theirs) ConnectedSockets()
    {
        var pair = new int[2];
        return SocketPair(UnixDomain, StreamSocket | SocketCloseOnExec, 0, pair) == 0
            ? (pair[0], pair[1])
            : throw new IOException($"No sockets could be made (error {Marshal.GetLastPInvokeError()}).");
    }

    [LibraryImport(Library, EntryPoint = "socketpair", SetLastError = true)]
    private static partial int SocketPair(int domain, int type, int protocol, [In, Out] int[] pair);

    [LibraryImport(Library, EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Access(string path, int mode);

    [LibraryImport(Library, EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int MemoryFile(string name, uint flags);

    [LibraryImport(Library, EntryPoint = "fcntl")]
    private static partial int Control(SafeHandle handle, int command, nint argument);

    [LibraryImport(Library, EntryPoint = "ioctl")]
    private static partial int Ask(SafeHandle handle, nuint request, out int value);
}
