using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using MailPlugin.Storage;
using MailPlugin.Storage.Moving;
using MailPlugin.Storage.Postgres;
using MailPlugin.Tests.Crash;
using MailPlugin.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailPlugin.Tests.Storage.Moving;

/// <summary>A process of its own that moves a store and is killed at the given point: when a write begins, before its commit, behind it.</summary>
internal static class MoveChild
{
    public const string Mode = "move";

    const int Killed = 128 + 9;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <returns>Whether it came to its end.</returns>
    public static async Task<bool> StartAsync(string folder, string connectionString, int point)
    {
        string[] arguments = ["exec", typeof(MoveChild).Assembly.Location, Mode, folder, connectionString, point.ToString(CultureInfo.InvariantCulture)];
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardError = true })!;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var error = await process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            Assert.True(process.ExitCode is 0 or Killed, $"{process.ExitCode}: {error}");
            return process.ExitCode == 0;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    public static async Task<int> RunAsync(string folder, string connectionString, int point)
    {
        var points = new FaultPoints(point);
        points.Arm();
        using var old = OldStore.Open(folder);
        var target = PostgresTarget.Read(Plugin.Options(new() { ["Store"] = connectionString }))!;
        await using var database = PostgresDatabase.Open(target, TimeProvider.System, NullLogger.Instance);
        await new StoreMove(old, new(new Counted(database, points)), null, TimeProvider.System) { Batch = 2 }.RunAsync("there", CancellationToken.None);
        return 0;
    }

    sealed class Counted(IDatabase inner, FaultPoints points) : IDatabase
    {
        public Dialect Dialect => inner.Dialect;

        public async Task<T> WriteAsync<T>(Func<DbConnection, T> work, CancellationToken cancellationToken)
        {
            var result = await inner.WriteAsync(
                connection =>
                {
                    points.Pass();
                    var done = work(connection);
                    points.Pass();
                    return done;
                },
                cancellationToken);
            points.Pass();
            return result;
        }

        public Task<T> ReadAsync<T>(Func<DbConnection, T> work, CancellationToken cancellationToken) => inner.ReadAsync(work, cancellationToken);
    }
}
