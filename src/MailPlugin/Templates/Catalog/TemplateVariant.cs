using MailPlugin.Templates.Rendering;

namespace MailPlugin.Templates.Catalog;

/// <summary>A template in one locale, as it is sent.</summary>
/// <param name="Base">What it comes back to when the edit is taken back; null: nothing, it is an addition.</param>
/// <param name="Edit">The version in force, when somebody edited it.</param>
/// <param name="Locked">Where it comes from, when it cannot be edited here.</param>
internal sealed record TemplateVariant(
    string Name, LocaleTag Locale, TemplateOrigin Origin, PreparedTemplate Template, PreparedTemplate? Base, EditMark? Edit, string? Locked)
{
    /// <summary>The number of the version in force; 0 for what nobody edited.</summary>
    public int Version => Edit?.Version ?? 0;
}

/// <summary>Who last changed something, and when.</summary>
internal sealed record EditMark(int Version, DateTimeOffset UpdatedAt, string UpdatedBy);

internal enum TemplateOrigin
{
    BuiltIn,

    /// <summary>Brought by the host or another plugin.</summary>
    Host,

    /// <summary>Of the folder that the host's configuration names.</summary>
    Folder,

    /// <summary>Made by an administrator.</summary>
    Added,
}
