namespace MailPlugin.Templates.Store;

/// <summary>Keeps what administrators made of templates: every version, with who and when, and the options.</summary>
internal interface ITemplateStore
{
    /// <summary>The newest version of each name and locale, resets included.</summary>
    Task<IReadOnlyList<TemplateVersion>> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Adds a version if the newest of this name and locale is still the one with number <paramref name="basedOn"/>, 0 when there is none or it was a reset.</summary>
    /// <returns>The version as it was kept; null when another came in between.</returns>
    Task<TemplateVersion?> SaveAsync(TemplateVersion version, int basedOn, CancellationToken cancellationToken);

    /// <summary>Newest first, those before <paramref name="before"/> when it is set.</summary>
    Task<IReadOnlyList<TemplateVersion>> ListAsync(string name, string? locale, int? before, int limit, CancellationToken cancellationToken);

    Task<TemplateVersion?> FindAsync(string name, int number, CancellationToken cancellationToken);

    /// <summary>The version before this one in its locale.</summary>
    Task<TemplateVersion?> FindBeforeAsync(TemplateVersion version, CancellationToken cancellationToken);

    Task<IReadOnlyList<StoredTemplateOptions>> LoadOptionsAsync(CancellationToken cancellationToken);

    /// <summary>Replaces the options of a template if they are still of version <paramref name="basedOn"/>; 0: there are none.</summary>
    Task<bool> SaveOptionsAsync(StoredTemplateOptions options, int basedOn, CancellationToken cancellationToken);
}

/// <summary>A version as it is kept.</summary>
/// <param name="Number">Counted for the name, over all locales.</param>
/// <param name="Locale">Empty for the layout.</param>
/// <param name="Document">JSON; null: the edit was taken back.</param>
internal sealed record TemplateVersion(string Name, string Locale, int Number, DateTimeOffset UpdatedAt, string UpdatedBy, TemplateAct Act, string? Document);

internal enum TemplateAct
{
    Saved,
    Restored,
    Reset,
}

internal sealed record StoredTemplateOptions(string Name, int Version, DateTimeOffset UpdatedAt, string UpdatedBy, string Document);
