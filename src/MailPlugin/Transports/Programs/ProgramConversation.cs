using System.IO.Pipes;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace MailPlugin.Transports.Programs;

/// <summary>A program that is spoken with: its standard input and output are one socket, as a super-server would have it.</summary>
internal sealed class ProgramConversation : IAsyncDisposable
{
    /// <summary>What a program gets to end by itself once the conversation is over.</summary>
    static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);
    static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(200);

    readonly ChildProcess _process;
    readonly AnonymousPipeServerStream _error;
    readonly ProgramOutput _complaints;
    readonly CancellationTokenSource _over = new();
    readonly Task _reading;
    readonly IDisposable _place;
    readonly TimeProvider _clock;
    readonly long _begun;
    Task<ProgramResult>? _end;

    ProgramConversation(ChildProcess process, Socket connection, AnonymousPipeServerStream error, IDisposable place, TimeProvider clock)
    {
        (_process, Connection, _error, _place, _clock, _begun) = (process, connection, error, place, clock, clock.GetTimestamp());
        _complaints = new(error);
        _reading = _complaints.DrainAsync(_over.Token);
    }

    public Socket Connection { get; }

    /// <param name="place">Given back when the program has ended; not when it could not be started.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">It could not be started.</exception>
    public static ProgramConversation Start(ProgramCommand command, IDisposable place, TimeProvider clock)
    {
        var error = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        Socket? ours = null;
        try
        {
            var (near, far) = Libc.ConnectedSockets();
            ours = new(new SafeSocketHandle(near, ownsHandle: true));
            using var theirs = new SafeFileHandle(far, ownsHandle: true);
            var process = ChildProcess.Start(command.Path, command.Arguments, ProgramEnvironment.Read(), theirs, theirs, error.ClientSafePipeHandle);
            return new(process, ours, error, place, clock);
        }
        catch
        {
            ours?.Dispose();
            error.Dispose();
            throw;
        }
        finally
        {
            error.DisposeLocalCopyOfClientHandle();
        }
    }

    /// <summary>Waits for its end, or sees to it.</summary>
    public Task<ProgramResult> EndAsync() => _end ??= EndOnceAsync();

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await _error.DisposeAsync();
        _over.Dispose();
    }

    async Task<ProgramResult> EndOnceAsync()
    {
        Connection.Dispose();
        var killed = await Task.WhenAny(_process.Ended, Task.Delay(Farewell, _clock)) != _process.Ended;
        if (killed)
        {
            await new ProcessTree(_process.Id).EndAsync(_process.Ended, _clock);
        }

        await Task.WhenAny(_reading, Task.Delay(LastWords, _clock));
        await _over.CancelAsync();
        await _reading;
        _complaints.TakeRest();
        _place.Dispose();
        var end = killed || !_process.Ended.IsCompleted ? default : await _process.Ended;
        return new(killed ? ProgramEnd.TimedOut : end.ExitCode is not null ? ProgramEnd.Exited : end.Signal is not null ? ProgramEnd.Killed : ProgramEnd.Lost)
        {
            ExitCode = end.ExitCode,
            Signal = end.Signal,
            Error = _complaints.Text,
            Duration = _clock.GetElapsedTime(_begun),
        };
    }
}
