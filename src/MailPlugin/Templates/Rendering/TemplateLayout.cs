namespace MailPlugin.Templates.Rendering;

/// <summary>What stands around the text of every mail.</summary>
internal sealed record TemplateLayout
{
    public const string DefaultColor = "#2457d6";

    /// <summary>Null: the name in the settings' From.</summary>
    public string? BrandName { get; init; }

    /// <summary>Of buttons and the line above, as <c>#rrggbb</c>.</summary>
    public string Color { get; init; } = DefaultColor;

    /// <summary>Who sends: stands in the footer.</summary>
    public string? Address { get; init; }

    public LayoutLogo? Logo { get; init; }

    /// <summary>Null: the built-in frame. Has <c>{{{body}}}</c>.</summary>
    public string? Html { get; init; }

    /// <summary>Null: the built-in frame. Has <c>{{body}}</c>.</summary>
    public string? Text { get; init; }
}

/// <summary>A picture that travels with the mail and is named by its Content-ID.</summary>
internal sealed record LayoutLogo(string ContentType, byte[] Content)
{
    public const string ContentId = "logo@mailplugin";
    public const int MaxBytes = 48 * 1024;

    public string FileName => "logo." + ContentType[(ContentType.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <summary>The type that the bytes say; null when it is none that mail programs show.</summary>
    public static string? TypeOf(ReadOnlySpan<byte> content) =>
        content.Length > 8 && content[0] == 0x89 && content[1..].StartsWith("PNG\r\n\x1a\n"u8) ? "image/png"
        : content.Length > 3 && content[0] == 0xFF && content[1] == 0xD8 && content[2] == 0xFF ? "image/jpeg"
        : content.StartsWith("GIF87a"u8) || content.StartsWith("GIF89a"u8) ? "image/gif"
        : null;
}
