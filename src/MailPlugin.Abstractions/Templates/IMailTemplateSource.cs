namespace MailPlugin.Abstractions;

/// <summary>Templates that a host or another plugin brings. Registered as a singleton in the host's services; read once at start.</summary>
public interface IMailTemplateSource
{
    /// <summary>The templates. A name that is built in overrides the built-in.</summary>
    IEnumerable<MailTemplate> Templates { get; }
}

/// <summary>A template in one locale, in Handlebars syntax.</summary>
/// <param name="Name"><c>[a-z0-9-]{1,64}</c>.</param>
/// <param name="Locale">BCP 47 tag.</param>
/// <param name="Subject">Rendered without HTML encoding; line breaks are removed.</param>
/// <param name="Text">Null: derived from the HTML.</param>
/// <param name="Html">Values are HTML encoded.</param>
public sealed record MailTemplate(string Name, string Locale, string Subject, string? Text, string? Html)
{
    /// <summary>Variables that a submission must bring.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>A model for preview, as JSON.</summary>
    public string? Sample { get; init; }

    /// <summary>Whether the content stays once nothing is left to send. False in one locale holds for all; an administrator may decide otherwise.</summary>
    public bool KeepContent { get; init; } = true;
}
