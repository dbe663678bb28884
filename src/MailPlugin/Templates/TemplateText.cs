using System.Text;

namespace MailPlugin.Templates;

/// <summary>What people write: the three parts of a template in one locale.</summary>
/// <param name="Text">Null: derived from the HTML.</param>
/// <param name="Html">Null: a mail of text alone.</param>
internal sealed record TemplateText(string Subject, string? Text, string? Html)
{
    public const int MaxBytes = 64 * 1024;

    /// <summary>The parts that are there, by their names in the API.</summary>
    public IEnumerable<(string Name, string Source)> Parts =>
        new[] { ("subject", Subject), ("text", Text), ("html", Html) }.Where(part => part.Item2 is not null).Select(part => (part.Item1, part.Item2!));

    public bool IsTooLarge => Parts.Any(part => Encoding.UTF8.GetByteCount(part.Source) > MaxBytes);
}
