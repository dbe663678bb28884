using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace MailPlugin.Smtp.Mime;

/// <summary>Writes one header field after the other and folds them (RFC 5322 section 2.2.3): before a blank only, so that taking the CRLF out gives the value back.</summary>
ref struct HeaderWriter(IBufferWriter<byte> output)
{
    /// <summary>Where a line is folded (RFC 5322 section 2.1.1), and the longest line with an encoded word (RFC 2047 section 2).</summary>
    public const int PreferredLine = 76;

    readonly IBufferWriter<byte> output = output;
    int column;

    /// <summary>Bytes that still fit into this line.</summary>
    public readonly int Room => PreferredLine - column;

    /// <summary>Begins a field.</summary>
    public void Name(scoped ReadOnlySpan<byte> name)
    {
        Raw(name);
        Raw(":"u8);
    }

    /// <summary>Begins a field.</summary>
    public void Name(string name)
    {
        Raw(name);
        Raw(":"u8);
    }

    /// <summary>Writes a blank and a word that must not be torn; folds before it when it does not fit.</summary>
    /// <param name="word">The word.</param>
    /// <param name="mayFold">False for the first word: a line with nothing but the field's name is read wrongly by some.</param>
    public void Word(scoped ReadOnlySpan<char> word, bool mayFold = true)
    {
        Blank(word.Length, mayFold);
        Raw(word);
    }

    /// <inheritdoc cref="Word(ReadOnlySpan{char}, bool)"/>
    public void Word(scoped ReadOnlySpan<byte> word, bool mayFold = true)
    {
        Blank(word.Length, mayFold);
        Raw(word);
    }

    /// <summary>Writes the blank before something of this length, folding when that does not fit.</summary>
    public void Blank(int length, bool mayFold = true)
    {
        if (mayFold && column + 1 + length > PreferredLine)
        {
            Fold();
        }

        Raw(" "u8);
    }

    /// <summary>Ends this line within the field; a blank must follow.</summary>
    public void Fold()
    {
        output.Write("\r\n"u8);
        column = 0;
    }

    /// <summary>Writes as it is.</summary>
    public void Raw(scoped ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        column += bytes.Length;
    }

    /// <summary>Writes as it is, in UTF-8.</summary>
    public void Raw(scoped ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            var span = output.GetSpan(Math.Min(text.Length * 3, 1024));
            Utf8.FromUtf16(text, span, out var read, out var written);
            output.Advance(written);
            column += written;
            text = text[read..];
        }
    }

    /// <summary>Ends the field.</summary>
    public void End() => Fold();
}
