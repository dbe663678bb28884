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
    case "templates":
        TemplatesProgram.Run(effort);
        return 0;
    case "outbox":
        await OutboxProgram.RunAsync(effort, only);
        return 0;
    case "logs":
        await LogsProgram.RunAsync(effort);
        return 0;
    case "postgres":
        await PostgresProgram.RunAsync(effort, only);
        return 0;
    default:
        await Console.Error.WriteLineAsync("usage: dotnet run -c Release --project tests/MailPlugin.Benchmarks -- smtp|composer|templates|outbox|logs|postgres [P1 … P12] [--short] [--rounds N] [--scale PART]");
        return 2;
}
