using System.ComponentModel;
using System.IO.Pipes;

namespace MailPlugin.Transports.Programs;

/// <summary>Runs programs that take one message each, a bounded number of them at once.</summary>
internal sealed class ProgramRunner(ProgramPlaces places, TimeProvider clock)
{
    /// <summary>How long the last words of a program that has ended are waited for; a child of it may hold the pipe for ever.</summary>
    static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan Reaping = TimeSpan.FromSeconds(5);
    static readonly TimeSpan BeingWritten = TimeSpan.FromMilliseconds(50);
    const int MostStarts = 5;

    /// <summary>Runs to the end, to the timeout or to the cancellation, which are results and not exceptions.</summary>
    public async Task<ProgramResult> RunAsync(ProgramCommand command, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            return new(ProgramEnd.NotSupported);
        }

        IDisposable place;
        try
        {
            place = await places.EnterAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return new(ProgramEnd.Canceled);
        }

        using (place)
        {
            var begun = clock.GetTimestamp();
            var result = await RunNowAsync(command, input, cancellationToken);
            return result with { Duration = clock.GetElapsedTime(begun) };
        }
    }

    /// <summary>Starts a program that is then spoken with: the conversation, or why there is none.</summary>
    public async Task<(ProgramConversation? Conversation, ProgramResult? Trouble)> ConverseAsync(ProgramCommand command, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            return (null, new(ProgramEnd.NotSupported));
        }

        IDisposable? place = null;
        try
        {
            place = await places.EnterAsync(cancellationToken);
            return (await StartAsync(() => ProgramConversation.Start(command, place, clock)), null);
        }
        catch (OperationCanceledException)
        {
            return (null, new(ProgramEnd.Canceled));
        }
        catch (Exception fault) when (fault is Win32Exception or IOException)
        {
            place?.Dispose();
            return (null, NotStarted(command, fault));
        }
    }

    async Task<ProgramResult> RunNowAsync(ProgramCommand command, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            return await RunOnceAsync(command, bytes, cancellationToken);
        }
        catch (Exception fault) when (fault is Win32Exception or IOException)
        {
            return NotStarted(command, fault);
        }
    }

    async Task<ProgramResult> RunOnceAsync(ProgramCommand command, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource();
        await using var output = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        await using var error = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        using var input = new ProgramInput(bytes);
        var process = await StartAsync(command, input, output, error);
        var (said, complained) = (new ProgramOutput(output), new ProgramOutput(error));
        var reading = Task.WhenAll(said.DrainAsync(over.Token), complained.DrainAsync(over.Token));
        var end = await WaitAsync(process, command.Timeout, cancellationToken);
        var whole = await input.WasReadWholeAsync();
        await Task.WhenAny(reading, Task.Delay(LastWords, clock, CancellationToken.None));
        await over.CancelAsync();
        await reading;
        said.TakeRest();
        complained.TakeRest();
        return end with { Output = said.Text, Error = complained.Text, WasReadWhole = whole };
    }

    /// <summary>With what it reads and says. The framework closes an end of a pipe that it has given away only when it is collected: here it is closed at once, also where nothing starts.</summary>
    async Task<ChildProcess> StartAsync(ProgramCommand command, ProgramInput input, AnonymousPipeServerStream output, AnonymousPipeServerStream error)
    {
        var environment = ProgramEnvironment.Read();
        try
        {
            input.Feed(environment, error.ClientSafePipeHandle);
            return await StartAsync(() => ChildProcess.Start(command.Path, command.Arguments, environment, input.Reader, output.ClientSafePipeHandle, error.ClientSafePipeHandle));
        }
        finally
        {
            output.DisposeLocalCopyOfClientHandle();
            error.DisposeLocalCopyOfClientHandle();
        }
    }

    static ProgramResult NotStarted(ProgramCommand command, Exception fault) =>
        new(fault is Win32Exception error ? StartTrouble.Of(command.Path, error) : ProgramEnd.NotStarted) { Trouble = fault.Message };

    /// <summary>A program that is just being replaced is writable for a moment and cannot be run.</summary>
    async Task<T> StartAsync<T>(Func<T> start)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return start();
            }
            catch (Win32Exception fault) when (fault.NativeErrorCode == Libc.InUse && tries < MostStarts)
            {
                await Task.Delay(BeingWritten, clock);
            }
        }
    }

    async Task<ProgramResult> WaitAsync(ChildProcess process, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            var end = await process.Ended.WaitAsync(timeout, clock, cancellationToken);
            return end switch
            {
                { ExitCode: { } code } => new(ProgramEnd.Exited) { ExitCode = code },
                { Signal: { } signal } => new(ProgramEnd.Killed) { Signal = signal },
                _ => new(ProgramEnd.Lost),
            };
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            await new ProcessTree(process.Id).EndAsync(process.Ended, clock);
            await Task.WhenAny(process.Ended, Task.Delay(Reaping, clock, CancellationToken.None));
            return new(late is TimeoutException ? ProgramEnd.TimedOut : ProgramEnd.Canceled);
        }
    }
}
