using System.IO.Pipes;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MailPlugin.Transports.Programs;

/// <summary>
/// What a program reads. The program must get all of it or die first: one that finds the end of its input takes what it has for the whole message, and posts it. So the bytes are
/// never fed to it by this process, which may be killed: what fits lies in the pipe before the program starts, what does not is fed by <c>cat</c> from a file in memory.
/// Nothing here waits for the reader, and a program that reads nothing troubles nobody.
/// </summary>
/// <remarks>A pipe and no file, because confined mailers (AppArmor, SELinux) may read a pipe of their caller and no file of it.</remarks>
internal sealed class ProgramInput : IDisposable
{
    const string Feeder = "/bin/cat";
    static readonly TimeSpan FeederEnds = TimeSpan.FromSeconds(1);

    readonly AnonymousPipeServerStream _pipe = new(PipeDirection.Out, HandleInheritability.None);
    readonly SafeFileHandle? _memory;
    ChildProcess? _feeder;

    public ProgramInput(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            if (bytes.Length <= Libc.PipeSize(_pipe.SafePipeHandle))
            {
                _pipe.Write(bytes.Span);
                _pipe.SafePipeHandle.Dispose();
            }
            else
            {
                var handle = Libc.CreateMemoryFile("mail");
                _memory = handle >= 0 ? new(handle, ownsHandle: true) : throw new IOException($"No memory file could be made (error {Marshal.GetLastPInvokeError()}).");
                RandomAccess.Write(_memory, bytes.Span, 0);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The end that the program reads; kept here too, to see what it left.</summary>
    public SafeHandle Reader => _pipe.ClientSafePipeHandle;

    /// <summary>Whether the program took all there was. Asked when it has ended; ends the feeder of what is left.</summary>
    public async Task<bool> WasReadWholeAsync()
    {
        if (_feeder is null)
        {
            return _memory is null && Libc.Unread(Reader) == 0;
        }

        // A program that saw the end of its input may be reaped a moment before the feeder whose end that was.
        if (Libc.Unread(Reader) == 0)
        {
            await Task.WhenAny(_feeder.Ended, Task.Delay(FeederEnds));
        }

        if (!_feeder.Ended.IsCompleted)
        {
            _ = Libc.Kill(_feeder.Id, Libc.SignalKill);
        }

        return await _feeder.Ended is { ExitCode: 0 } && Libc.Unread(Reader) == 0;
    }

    /// <summary>
    /// Feeds what did not fit. To be called before the program starts: one whose input has no writer but this process would find it empty when this process is killed, and post that. Where no
    /// program comes, the feeder ends with the pipe.
    /// </summary>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no <c>cat</c>.</exception>
    public void Feed(IEnumerable<string> environment, SafeHandle nowhere)
    {
        if (_memory is not null)
        {
            _feeder = ChildProcess.Start(Feeder, [], environment, _memory, _pipe.SafePipeHandle, nowhere);
            _pipe.SafePipeHandle.Dispose();
        }
    }

    public void Dispose()
    {
        _pipe.ClientSafePipeHandle.Dispose();
        _pipe.Dispose();
        _memory?.Dispose();
    }
}
