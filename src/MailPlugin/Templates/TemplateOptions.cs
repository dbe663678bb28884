using MailPlugin.Abstractions;

namespace MailPlugin.Templates;

/// <summary>What holds for every mail of a template, in all locales.</summary>
internal sealed record TemplateOptions
{
    /// <summary>Off: submissions are answered <c>suppressed</c>.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Where the submission names none.</summary>
    public string? Transport { get; init; }

    public MailAddress? From { get; init; }

    public MailAddress? ReplyTo { get; init; }

    public IReadOnlyList<MailAddress> Bcc { get; init; } = [];

    /// <summary>Where the submission leaves it at normal.</summary>
    public MailPriority? Priority { get; init; }

    /// <summary>Off: the content is forgotten as soon as nothing is left to send.</summary>
    public bool KeepContent { get; init; } = true;
}
