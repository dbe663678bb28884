using System.Text;

namespace MailPlugin.Smtp.Mime;

/// <summary>One header field with its bytes as they travel.</summary>
public sealed class HeaderField
{
    internal HeaderField(string name, ReadOnlyMemory<byte> raw)
    {
        Name = name;
        Raw = raw;
    }

    /// <summary>The name, as written.</summary>
    public string Name { get; }

    /// <summary>Name, colon, value with its folds, CRLF.</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary>The value unfolded and without the blanks around it; encoded words stay encoded.</summary>
    public string Value
    {
        get
        {
            var value = Raw.Span[(Raw.Span.IndexOf((byte)':') + 1)..];
            return Encoding.UTF8.GetString(value).Replace("\r\n", "", StringComparison.Ordinal).Trim(' ', '\t');
        }
    }

    /// <summary>A field with one mailbox, such as From or Sender.</summary>
    public static HeaderField Mailbox(string name, MailboxAddress mailbox) => Mailboxes(name, [mailbox]);

    /// <summary>A field with a list of mailboxes, such as Reply-To or Bcc.</summary>
    /// <exception cref="ArgumentException">The list is empty, or the name is no name of a field.</exception>
    public static HeaderField Mailboxes(string name, IReadOnlyList<MailboxAddress> mailboxes)
    {
        ArgumentNullException.ThrowIfNull(mailboxes);
        if (mailboxes.Count == 0)
        {
            throw new ArgumentException("A field without mailboxes is not written.", nameof(mailboxes));
        }

        using var bytes = new PooledBytes(512);
        var header = new HeaderWriter(bytes);
        DraftHeader.WriteMailboxes(ref header, Encoding.ASCII.GetBytes(CheckedName(name)), mailboxes);
        return new HeaderField(name, bytes.Memory.ToArray());
    }

    /// <summary>A field with free text in any script, such as Subject.</summary>
    /// <exception cref="ArgumentException">The text contains line breaks or control characters, or the name is no name of a field.</exception>
    public static HeaderField Text(string name, string text)
    {
        if (HeaderRules.CheckValue(text) is { } error)
        {
            throw new ArgumentException($"The text {error}.", nameof(text));
        }

        using var bytes = new PooledBytes(512);
        var header = new HeaderWriter(bytes);
        header.Name(CheckedName(name));
        HeaderText.WriteUnstructured(ref header, text);
        header.End();
        return new HeaderField(name, bytes.Memory.ToArray());
    }

    /// <summary>The name and the unfolded value.</summary>
    public override string ToString() => $"{Name}: {Value}";

    static string CheckedName(string name)
        => HeaderRules.IsFieldName(name) ? name : throw new ArgumentException("This is no name of a header field.", nameof(name));
}
