using System.Globalization;

namespace MailPlugin.Templates.Rendering;

/// <summary>What a rendering is for.</summary>
/// <param name="Locale">The language that the mail says it has.</param>
/// <param name="Culture">How dates and numbers are written.</param>
/// <param name="Sender">The brand's name where the layout has none.</param>
internal sealed record RenderOrder(LocaleTag Locale, CultureInfo Culture, IReadOnlyDictionary<string, object?>? Model, string? Sender)
{
    /// <param name="locale">Of the template.</param>
    /// <param name="wanted">Dates are written as this one wants, where it is the same language.</param>
    public static RenderOrder For(LocaleTag locale, LocaleTag wanted, IReadOnlyDictionary<string, object?>? model, string? sender) =>
        new(locale, (wanted.Language == locale.Language ? wanted : locale).Culture, model, sender);
}
