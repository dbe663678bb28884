using MailPlugin.TestBed;

// "hold": starts servers, says where they are, and waits to be killed. "skip": says what a test that needs msmtp and PHP would say.
switch (args.FirstOrDefault())
{
    case "hold":
        var postfix = await PostfixServer.StartAsync();
        var sink = await SmtpSink.StartAsync();
        await Console.Out.WriteLineAsync($"{Path.GetDirectoryName(postfix.ConfigurationFolder)} {postfix.Port} {sink.Port}");
        await Task.Delay(TimeSpan.FromMinutes(5));
        break;
    case "skip":
        await Console.Out.WriteLineAsync(new ServerFactAttribute(Server.Msmtp, Server.Php).Skip ?? "runs");
        break;
}
