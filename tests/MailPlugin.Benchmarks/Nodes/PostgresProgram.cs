namespace MailPlugin.Benchmarks;

/// <summary>P6, P7, P8 and P12 on PostgreSQL; all, or those that are named.</summary>
internal static class PostgresProgram
{
    public static async Task RunAsync(Effort effort, IReadOnlyCollection<string> only)
    {
        var report = new Report("PostgreSQL", effort.Rounds);
        await using var bed = await PostgresBed.StartAsync();
        if (Wanted("P6"))
        {
            await PostgresSubmission.RunAsync(report, bed, effort);
        }

        if (Wanted("P7") || Wanted("P12"))
        {
            await OneAndTwoNodes.RunAsync(report, bed, effort);
        }

        if (Wanted("P8"))
        {
            await FinishedRows.RunAsync(report, bed, effort);
        }

        report.Print(Console.Out);

        bool Wanted(string number) => only.Count == 0 || only.Contains(number);
    }
}
