namespace MailPlugin.Templates.Rendering;

/// <summary>A mail's texts, ready to be composed.</summary>
/// <param name="Subject">One line.</param>
/// <param name="Logo">Set when the HTML names it.</param>
internal sealed record RenderedMail(string Subject, string Text, string? Html, LayoutLogo? Logo)
{
    /// <summary>The subject had line breaks or control characters, which are gone.</summary>
    public bool SubjectWasMended { get; init; }
}

/// <summary>Either a mail or why there is none.</summary>
internal sealed record RenderResult(RenderedMail? Mail, RenderFailure? Failure, Exception? Cause = null);

internal enum RenderFailure
{
    TooSlow,
    TooLarge,

    /// <summary>The engine itself failed.</summary>
    Broken,
}
