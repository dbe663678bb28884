using MailPlugin.Benchmarks;

var isShort = args.Contains("--short");
var only = args.Where(word => word.StartsWith('P')).ToArray();
switch (args.FirstOrDefault())
{
    case "smtp":
        await SmtpProgram.RunAsync(isShort, only);
        return 0;
    case "composer":
        ComposerProgram.Run(isShort);
        return 0;
    case "outbox":
        await OutboxProgram.RunAsync(isShort, only);
        return 0;
    default:
        await Console.Error.WriteLineAsync("usage: dotnet run -c Release --project tests/MailPlugin.Benchmarks -- smtp|composer|outbox [P1 … P11] [--short]");
        return 2;
}
