namespace MailPlugin.Templates.Importing;

/// <summary>A piece of PHP, or of what stands outside of it.</summary>
/// <param name="Parts">Of a text in double quotes: its words, and the code that stands in it.</param>
internal sealed record PhpToken(PhpTokenKind Kind, string Value, int Line, IReadOnlyList<PhpTextPart>? Parts = null)
{
    public bool Is(string symbol) => Kind is PhpTokenKind.Symbol or PhpTokenKind.Name && string.Equals(Value, symbol, StringComparison.OrdinalIgnoreCase);
}

internal sealed record PhpTextPart(bool IsCode, string Value);

internal enum PhpTokenKind
{
    /// <summary>Outside of PHP.</summary>
    Outside,

    /// <summary><c>$name</c>, without the sign.</summary>
    Variable,
    Name,
    Text,
    Number,
    Symbol,

    /// <summary><c>&lt;?=</c></summary>
    Echo,
    End,
}
