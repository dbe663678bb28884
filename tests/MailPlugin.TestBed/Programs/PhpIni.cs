namespace MailPlugin.TestBed;

/// <summary>A <c>php.ini</c> of its own.</summary>
public sealed class PhpIni : IDisposable
{
    readonly TempFolder _folder = new();

    /// <param name="lines">What it says; quotes are the writer's.</param>
    public PhpIni(params string[] lines)
    {
        Requirement.Demand(Server.Php);
        Path = _folder.Write("php.ini", string.Join('\n', lines) + "\n");
    }

    /// <summary>One whose mail() calls a program.</summary>
    public static PhpIni With(string sendmail, params string[] more) => new([$"sendmail_path = \"{sendmail} -t -i\"", .. more]);

    public string Path { get; }

    public void Dispose() => _folder.Dispose();
}
