namespace MailPlugin.Smtp.Mime;

/// <summary>A file that travels with a message, or an inline part that its HTML names as <c>cid:…</c>.</summary>
public sealed record Attachment
{
    Attachment(string? name, string contentType, string? contentId)
    {
        Refuse(PartRules.CheckContentType(contentType), nameof(contentType));
        Refuse(name is null ? null : PartRules.CheckFileName(name), nameof(name));
        Refuse(contentId is null ? null : PartRules.CheckContentId(contentId), nameof(contentId));
        Name = name;
        Type = MediaType.TryParse(contentType, out var type) ? type : throw new ArgumentException(contentType, nameof(contentType));
        ContentType = contentType;
        ContentId = contentId;
    }

    /// <summary>File name in any script, without a path. Null: none.</summary>
    public string? Name { get; }

    /// <summary>Media type, such as <c>application/pdf</c>, with its parameters.</summary>
    public string ContentType { get; }

    /// <summary>The name after <c>cid:</c>, without angle brackets. Null: an ordinary attachment.</summary>
    public string? ContentId { get; }

    internal MediaType Type { get; }

    internal ReadOnlyMemory<byte> Content { get; private init; }

    /// <summary>A part whose bytes are at hand. They are read while composing.</summary>
    /// <exception cref="ArgumentException">A value breaks a rule of <see cref="PartRules"/>.</exception>
    public static Attachment FromBytes(string? name, string contentType, ReadOnlyMemory<byte> content, string? contentId = null)
        => new(name, contentType, contentId) { Content = content };

    static void Refuse(string? error, string parameter)
    {
        if (error is not null)
        {
            throw new ArgumentException($"It {error}.", parameter);
        }
    }
}
