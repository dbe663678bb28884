namespace MailPlugin.Abstractions;

/// <summary>A file that travels with a message.</summary>
/// <param name="Name">File name in any script, without a path.</param>
/// <param name="ContentType">Media type, such as <c>application/pdf</c>.</param>
/// <param name="Content">The bytes.</param>
/// <param name="ContentId">Set for an inline part that the HTML body names as <c>cid:…</c>.</param>
public sealed record MailAttachment(string Name, string ContentType, ReadOnlyMemory<byte> Content, string? ContentId = null);
