using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MailPlugin.Transports.Programs;

/// <summary>
/// A program started without a shell, in a session and process group of its own. Why not <see cref="System.Diagnostics.Process"/>: it cannot make a session, so that a
/// grandchild whose parent has ended is out of reach; it gives a program's input only as a pipe that this process has to go on filling, so that a host that is killed
/// meanwhile makes a cut-off message look like a whole one.
/// </summary>
/// <remarks>Whoever starts one awaits <see cref="Ended"/>: the child is reaped there.</remarks>
internal sealed class ChildProcess
{
    /// <summary>More than either C library's structures have.</summary>
    const int StructureSize = 1024;

    const int ErrorInterrupted = 4;
    const string Folder = "/";

    /// <summary>Signals 1 to 31. The runtime ignores SIGPIPE, which a program must not inherit: many end by it alone.</summary>
    static readonly byte[] AllSignals = Signals(0xFF, 0xFF, 0xFF, 0x7F);
    static readonly byte[] NoSignals = Signals();

    static bool _cannotSetFolder;

    ChildProcess(int id)
    {
        Id = id;
        Ended = Task.Factory.StartNew(Reap, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Process, group and session have the same number.</summary>
    public int Id { get; }

    /// <summary>Completes when the child has ended and was reaped.</summary>
    public Task<ChildEnd> Ended { get; }

    /// <param name="path">Absolute path of the program.</param>
    /// <param name="arguments">Without the program's own name.</param>
    /// <param name="environment">Each <c>NAME=value</c>; nothing else is inherited.</param>
    /// <exception cref="Win32Exception">It could not be started; the native error code says why.</exception>
    public static ChildProcess Start(string path, IEnumerable<string> arguments, IEnumerable<string> environment, SafeHandle input, SafeHandle output, SafeHandle error)
    {
        var (actions, attributes) = (new byte[StructureSize], new byte[StructureSize]);
        Check(Libc.InitActions(actions));
        Check(Libc.InitAttributes(attributes));
        try
        {
            Check(Libc.AddDuplicate(actions, input, 0));
            Check(Libc.AddDuplicate(actions, output, 1));
            Check(Libc.AddDuplicate(actions, error, 2));
            SetFolder(actions);
            Check(Libc.SetFlags(attributes, Libc.SetSession | Libc.SetSignalDefaults | Libc.SetSignalMask));
            Check(Libc.SetBlockedSignals(attributes, NoSignals));
            Check(Libc.SetDefaultSignals(attributes, AllSignals));
            Check(Libc.Spawn(out var id, path, actions, attributes, [path, .. arguments, null], [.. environment, null]));
            return new(id);
        }
        finally
        {
            _ = Libc.DestroyActions(actions);
            _ = Libc.DestroyAttributes(attributes);
        }
    }

    /// <summary>Where nothing that a program leaves behind lands in the host's folder. glibc has it since 2.29; without it the program starts where the host did.</summary>
    static void SetFolder(byte[] actions)
    {
        if (_cannotSetFolder)
        {
            return;
        }

        try
        {
            Check(Libc.AddFolder(actions, Folder));
        }
        catch (EntryPointNotFoundException)
        {
            _cannotSetFolder = true;
        }
    }

    ChildEnd Reap()
    {
        while (true)
        {
            if (Libc.WaitFor(Id, out var status, 0) == Id)
            {
                var signal = status & 0x7F;
                return signal == 0 ? new((status >> 8) & 0xFF, null) : new(null, signal);
            }

            // Where the host was started with SIGCHLD ignored the kernel reaps, and the exit code is lost.
            if (Marshal.GetLastPInvokeError() != ErrorInterrupted)
            {
                return new(null, null);
            }
        }
    }

    static byte[] Signals(params ReadOnlySpan<byte> first)
    {
        var set = new byte[128];
        first.CopyTo(set);
        return set;
    }

    static void Check(int error)
    {
        if (error != 0)
        {
            throw new Win32Exception(error);
        }
    }
}

/// <summary>How a child ended: by an exit code or by a signal; neither where it was lost.</summary>
internal readonly record struct ChildEnd(int? ExitCode, int? Signal);
