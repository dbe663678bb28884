using MailPlugin.Http.Binding;

namespace MailPlugin.Settings.Reading;

/// <summary>The modes that run a program. An absent block is one without properties: each has a default.</summary>
internal static class ProgramReader
{
    const int MaxPath = 1024;

    static readonly string[] SendmailPlaces = ["/usr/sbin/sendmail", "/usr/lib/sendmail", "/usr/bin/sendmail"];
    static readonly string[] PhpPlaces = ["/usr/bin/php", "/usr/local/bin/php"];

    public static SendmailSettings Sendmail(JsonObjectReader? reader)
    {
        var settings = new SendmailSettings
        {
            Path = ProgramPath(reader, SendmailPlaces),
            Style = reader?.Choice("style", SendmailStyle.Pipe) ?? SendmailStyle.Pipe,
            Timeout = TimeSpan.FromSeconds(reader?.Number("timeoutSeconds", (int)ProgramTimeout.Standard.TotalSeconds, 1, 600) ?? ProgramTimeout.Standard.TotalSeconds),
        };
        reader?.Complete();
        return settings;
    }

    public static QmailSettings Qmail(JsonObjectReader? reader)
    {
        var settings = new QmailSettings { Path = ProgramPath(reader, ["/var/qmail/bin/sendmail"]) };
        reader?.Complete();
        return settings;
    }

    public static PhpSettings Php(JsonObjectReader? reader)
    {
        var settings = new PhpSettings
        {
            Path = ProgramPath(reader, PhpPlaces),
            IniFile = reader is null ? null : AbsolutePath(reader, "iniFile"),
        };
        reader?.Complete();
        return settings;
    }

    /// <summary>Where no path is given: the first place that has the program, else the one it is looked for first.</summary>
    static string ProgramPath(JsonObjectReader? reader, string[] places) =>
        (reader is null ? null : AbsolutePath(reader, "path")) ?? Array.Find(places, File.Exists) ?? places[0];

    /// <summary>A path is a file and nothing else: no word of a command line, no place that depends on where the host was started.</summary>
    static string? AbsolutePath(JsonObjectReader reader, string name)
    {
        var path = reader.Line(name, MaxPath);
        if (string.IsNullOrEmpty(path))
        {
            return null;
        }

        if (path[0] == '/' && path.Length > 1 && path[^1] != '/' && !path.Split('/').Contains(".."))
        {
            return path;
        }

        reader.Fault(name, "must be the absolute path of a file, such as /usr/sbin/sendmail");
        return null;
    }
}
