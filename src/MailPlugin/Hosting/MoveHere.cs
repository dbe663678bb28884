using MailPlugin.Options;
using MailPlugin.Storage;
using MailPlugin.Storage.Moving;
using MailPlugin.Storage.Postgres;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Hosting;

/// <summary>What the plugin does in place of everything else when it is told to move a store: it moves, says what, and ends the host. The exit code is 1 unless all is moved.</summary>
internal sealed partial class MoveHere(MailPluginOptions options, QueueOptions queue, TimeProvider clock, IHostApplicationLifetime host, ILoggerFactory loggers) : BackgroundService
{
    readonly ILogger _logger = loggers.CreateLogger<MoveHere>();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Environment.ExitCode = 1;
        try
        {
            await StartedAsync(stoppingToken);
            await MoveAsync(options.MigrateFrom!, stoppingToken);
            Environment.ExitCode = 0;
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            LogBrokenOff();
        }
        catch (MoveRefusedException fault)
        {
            LogRefused(fault.Message);
        }
        catch (Exception fault)
        {
            LogFailed(fault.Message, fault is DatabaseUnavailableException or InvalidOptionException ? null : fault);
        }
        finally
        {
            host.StopApplication();
        }
    }

    /// <summary>After the host has started: what it says of its own start comes first, and one that cannot start moves nothing.</summary>
    async Task StartedAsync(CancellationToken cancellationToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = host.ApplicationStarted.UnsafeRegister(static started => ((TaskCompletionSource)started!).TrySetResult(), started);
        await started.Task.WaitAsync(cancellationToken);
    }

    async Task MoveAsync(string folder, CancellationToken cancellationToken)
    {
        if (queue.Store is not { } target)
        {
            throw new MoveRefusedException("MailPlugin:Store must name the PostgreSQL database that the mail is to be moved into.");
        }

        using var old = OldStore.Open(folder);
        await using var database = PostgresDatabase.Open(target.Unhurried(), clock, loggers.CreateLogger<PostgresDatabase>());
        LogBegins(old.File, target.Place);
        var report = await new StoreMove(old, new(database), queue.KeyRing.Seal, clock).RunAsync($"{target.Place}, schema {target.Schema}", cancellationToken);
        if (report.Earlier == EarlierMove.Whole)
        {
            LogWasMoved(target.Place, report);
            return;
        }

        if (report.Earlier == EarlierMove.Part)
        {
            LogResumed();
        }

        LogMoved(target.Place, report);
    }

    [LoggerMessage(EventId = 1240, Level = LogLevel.Information, Message = "Moving {From} to {To}")]
    partial void LogBegins(string from, string to);

    [LoggerMessage(EventId = 1241, Level = LogLevel.Information, Message = "Went on where an earlier move had ended; the counts are those of both")]
    partial void LogResumed();

    [LoggerMessage(EventId = 1242, Level = LogLevel.Information, Message = "All is in {To} now: {Counts}. Start the hosts with MailPlugin:Store alone; sign in again with the same keys")]
    partial void LogMoved(string to, MoveReport counts);

    [LoggerMessage(EventId = 1246, Level = LogLevel.Information, Message = "All had come to {To} before, and nothing was done: {Counts}")]
    partial void LogWasMoved(string to, MoveReport counts);

    [LoggerMessage(EventId = 1243, Level = LogLevel.Warning, Message = "The move was broken off; run it again, it goes on where it ended")]
    partial void LogBrokenOff();

    [LoggerMessage(EventId = 1244, Level = LogLevel.Error, Message = "The store is not moved: {Reason}")]
    partial void LogRefused(string reason);

    [LoggerMessage(EventId = 1245, Level = LogLevel.Error, Message = "The move has ended too early: {Reason} Run it again, it goes on where it ended")]
    partial void LogFailed(string reason, Exception? fault);
}
