using MailPlugin.Benchmarks;

var effort = Effort.Read(args);
var only = args.Where(word => word.StartsWith('P')).ToArray();
switch (args.FirstOrDefault())
{
    case "smtp":
        await SmtpProgram.RunAsync(effort, only);
        return 0;
    case "composer":
        ComposerProgram.Run(effort);
        return 0;
    case "outbox":
        await OutboxProgram.RunAsync(effort, only);
        return 0;
    default:
        await Console.Error.WriteLineAsync("usage: dotnet run -c Release --project tests/MailPlugin.Benchmarks -- smtp|composer|outbox [P1 … P11] [--short] [--rounds N] [--scale PART]");
        return 2;
}
