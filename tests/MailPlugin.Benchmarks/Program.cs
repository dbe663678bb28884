using MailPlugin.Benchmarks;

var isShort = args.Contains("--short");
switch (args.FirstOrDefault())
{
    case "smtp":
        await SmtpProgram.RunAsync(isShort);
        return 0;
    case "composer":
        ComposerProgram.Run(isShort);
        return 0;
    case "outbox":
        await OutboxProgram.RunAsync(isShort, [.. args.Where(word => word.StartsWith('P'))]);
        return 0;
    default:
        await Console.Error.WriteLineAsync("usage: dotnet run -c Release --project tests/MailPlugin.Benchmarks -- smtp|composer|outbox [P6 P7 P8 P9 P11] [--short]");
        return 2;
}
