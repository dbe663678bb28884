namespace MailPlugin.Benchmarks;

/// <summary>P6 to P9 and P11; all, or those that are named.</summary>
internal static class OutboxProgram
{
    public static async Task RunAsync(Effort effort, IReadOnlyCollection<string> only)
    {
        var report = new Report("Outbox", effort.Rounds);
        if (Wanted("P6"))
        {
            await DurableSubmission.RunAsync(report, effort);
        }

        if (Wanted("P7") || Wanted("P11"))
        {
            await EndToEnd.RunAsync(report, effort, Wanted("P11"));
        }

        if (Wanted("P8"))
        {
            await MillionQueued.RunAsync(report, effort);
        }

        if (Wanted("P9"))
        {
            await StartCost.RunAsync(report, effort);
        }

        report.Print(Console.Out);

        bool Wanted(string number) => only.Count == 0 || only.Contains(number);
    }
}
