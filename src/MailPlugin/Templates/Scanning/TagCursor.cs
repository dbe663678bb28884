using MailPlugin.Http;

namespace MailPlugin.Templates.Scanning;

/// <summary>A place in a template from which a tag is read on.</summary>
/// <param name="source">The template.</param>
/// <param name="start">Where the tag begins.</param>
/// <param name="position">Where to read on.</param>
internal class TagCursor(string source, int start, int position)
{
    public int Start => start;

    public int Position { get; set; } = position;

    /// <summary>Nothing is left of the template.</summary>
    public bool IsOver => Position >= source.Length;

    /// <summary>The letter that stands here; NUL when nothing is left.</summary>
    public char Here => Ahead(0);

    /// <summary>Whether the tag's closing braces stand here.</summary>
    public bool AtEnd => Starts("}}") || Starts("~}}");

    public char Ahead(int letters) => Position + letters < source.Length ? source[Position + letters] : '\0';

    public bool Starts(string text) => string.CompareOrdinal(source, Position, text, 0, text.Length) == 0;

    /// <summary>What stands from there to here.</summary>
    public string Since(int at) => source[at..Position];

    public void SkipBlanks()
    {
        while (Here is ' ' or '\t' or '\r' or '\n')
        {
            Position++;
        }
    }

    public string Name()
    {
        SkipBlanks();
        var at = Position;
        while (IsNameLetter(Here))
        {
            Position++;
        }

        return Position > at ? Since(at) : throw new ScanFault(at, ScanMessages.NameExpected);
    }

    public ScanFault Unexpected() => IsOver || Starts("{{") ? new(start, ScanMessages.NotClosed) : new(Position, ScanMessages.Unexpected(Here));

    public static bool IsNameLetter(char letter) => char.IsLetterOrDigit(letter) || letter is '_' or '-';
}

/// <summary>A rule was broken at a place of the source.</summary>
internal sealed class ScanFault(int position, LocalizedText message) : Exception(message.English)
{
    public int Position => position;

    public LocalizedText Text => message;
}
