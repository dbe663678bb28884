namespace MailPlugin.Transports.Programs;

/// <summary>A program and how it is called.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Arguments">As a list: no shell ever reads them.</param>
internal sealed record ProgramCommand(string Path, IReadOnlyList<string> Arguments)
{
    /// <summary>How long it may run.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>For people, words with blanks quoted.</summary>
    public override string ToString() => string.Join(' ', Arguments.Prepend(Path).Select(word =>
        word.Length > 0 && word.All(letter => letter is > ' ' and <= '~' and not ('\'' or '"' or '\\')) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
}
