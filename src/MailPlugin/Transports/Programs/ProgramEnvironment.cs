namespace MailPlugin.Transports.Programs;

/// <summary>What a program sees of the host's environment: enough to find its files and its language, nothing that may be a secret.</summary>
internal static class ProgramEnvironment
{
    static readonly string[] Kept = ["PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "TZ", "TMPDIR"];

    public static IReadOnlyList<string> Read() =>
    [
        .. Kept.Select(name => (name, value: Environment.GetEnvironmentVariable(name) ?? (name == "PATH" ? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" : null)))
            .Where(variable => variable.value is not null)
            .Select(variable => $"{variable.name}={variable.value}"),
    ];
}
