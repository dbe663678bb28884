using System.Text;

namespace MailPlugin.TestBed;

/// <summary>Stands where a sendmail would, and writes down how it was called and what it read; it ends as it is told.</summary>
public sealed class RecordingSendmail : IDisposable
{
    readonly TempFolder _folder = new();

    /// <param name="name">The file's name.</param>
    /// <param name="after">Shell code that runs when everything was read; by default it succeeds.</param>
    public RecordingSendmail(string name = "sendmail", string after = "exit 0")
    {
        // Each run has a folder of its own: arguments, one file for each, and the input byte for byte.
        Path = Script.Write(_folder, name, $"""
            run=$(mktemp -d {Script.Quote(_folder.Of("run-XXXXXX"))})
            n=0
            for argument in "$@"; do n=$((n + 1)); printf '%s' "$argument" >"$run/$(printf 'argument-%04d' $n)"; done
            env >"$run/environment"
            cat >"$run/input"
            : >"$run/done"
            {after}
            """);
    }

    /// <summary>Absolute path of the program.</summary>
    public string Path { get; }

    /// <summary>The runs that have read their whole input.</summary>
    public IReadOnlyList<SendmailRun> Runs =>
    [
        .. Directory.GetDirectories(_folder.Path, "run-*").Where(run => File.Exists(System.IO.Path.Combine(run, "done"))).OrderBy(Directory.GetCreationTimeUtc).Select(run => new SendmailRun(
            [.. Directory.GetFiles(run, "argument-*").Order(StringComparer.Ordinal).Select(File.ReadAllText)],
            File.ReadAllBytes(System.IO.Path.Combine(run, "input")),
            File.ReadAllText(System.IO.Path.Combine(run, "environment")))),
    ];

    public void Dispose() => _folder.Dispose();
}

/// <summary>One call of a program.</summary>
public sealed record SendmailRun(IReadOnlyList<string> Arguments, byte[] Input, string Environment)
{
    /// <summary>The input, one character for each byte.</summary>
    public string Text => Encoding.Latin1.GetString(Input);
}
