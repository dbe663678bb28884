namespace MailPlugin.Transports.Sendmail;

/// <summary>How each program wants to be told sender and recipients. <c>--</c> ends the options in all of them.</summary>
internal static class MailArguments
{
    const string QmailInject = "qmail-inject";

    /// <summary>The interface that Sendmail set and Postfix, Exim, msmtp and others follow; the null sender is <c>&lt;&gt;</c>.</summary>
    public static IReadOnlyList<string> Sendmail(string sender, IReadOnlyList<string> recipients) =>
        ["-i", "-f", sender.Length == 0 ? "<>" : sender, "--", .. recipients];

    /// <summary>qmail takes an empty argument for the null sender. <c>qmail-inject</c> has <c>-a</c>: recipients from the arguments alone.</summary>
    public static IReadOnlyList<string> Qmail(string path, string sender, IReadOnlyList<string> recipients) =>
        [Path.GetFileName(path) == QmailInject ? "-a" : "-i", "-f", sender, "--", .. recipients];

    /// <summary>Where qmail's <c>sendmail</c> is not installed, <c>qmail-inject</c> beside it does the same.</summary>
    public static string QmailPath(string path)
    {
        var inject = Path.Combine(Path.GetDirectoryName(path) ?? "/", QmailInject);
        return !File.Exists(path) && File.Exists(inject) ? inject : path;
    }
}
