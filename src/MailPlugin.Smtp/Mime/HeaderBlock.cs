using System.Buffers;
using System.Text;

namespace MailPlugin.Smtp.Mime;

/// <summary>The header block of a message that is already composed: reads its fields, replaces single ones, and leaves every other byte as it is.</summary>
/// <remarks>Immutable; each change gives a new block that shares the unchanged bytes. It keeps a reference to the bytes it was read from.</remarks>
public sealed class HeaderBlock
{
    readonly HeaderField[] fields;

    HeaderBlock(HeaderField[] fields) => this.fields = fields;

    /// <summary>The fields in their order.</summary>
    public IReadOnlyList<HeaderField> Fields => fields;

    /// <summary>Bytes of all fields.</summary>
    public int Length
    {
        get
        {
            var length = 0;
            foreach (var one in fields)
            {
                length += one.Raw.Length;
            }

            return length;
        }
    }

    /// <summary>Reads a header block up to its end or its first empty line. A line that is no field stays with the field before it.</summary>
    /// <exception cref="FormatException">The first line is no field.</exception>
    public static HeaderBlock Parse(ReadOnlyMemory<byte> bytes)
    {
        var found = new List<HeaderField>(16);
        var rest = bytes;
        while (!rest.IsEmpty && !rest.Span.StartsWith("\r\n"u8))
        {
            var length = FieldLength(rest.Span, out var nameLength);
            if (nameLength <= 0)
            {
                throw new FormatException("The header block does not begin with a field.");
            }

            found.Add(new HeaderField(Encoding.ASCII.GetString(rest.Span[..nameLength]), rest[..length]));
            rest = rest[length..];
        }

        return new HeaderBlock([.. found]);
    }

    /// <summary>The first field of this name, or null. Names are compared without regard to case.</summary>
    public HeaderField? Find(string name)
    {
        foreach (var field in fields)
        {
            if (Is(field, name))
            {
                return field;
            }
        }

        return null;
    }

    /// <summary>The unfolded value of the first field of this name, or null.</summary>
    public string? Get(string name) => Find(name)?.Value;

    /// <summary>Puts a field in the place of the first of its name and drops further ones; where there is none, it comes last.</summary>
    public HeaderBlock Replace(HeaderField field)
    {
        ArgumentNullException.ThrowIfNull(field);
        var changed = new List<HeaderField>(fields.Length + 1);
        var isPlaced = false;
        foreach (var old in fields)
        {
            if (!Is(old, field.Name))
            {
                changed.Add(old);
            }
            else if (!isPlaced)
            {
                changed.Add(field);
                isPlaced = true;
            }
        }

        if (!isPlaced)
        {
            changed.Add(field);
        }

        return new HeaderBlock([.. changed]);
    }

    /// <summary>Drops every field of this name.</summary>
    public HeaderBlock Remove(string name) => new(Array.FindAll(fields, field => !Is(field, name)));

    /// <summary>Puts a field before all others, as signatures and traces go.</summary>
    public HeaderBlock Prepend(HeaderField field) => Insert(0, field);

    /// <summary>Puts a field where the one at this index is.</summary>
    public HeaderBlock Insert(int index, HeaderField field)
    {
        ArgumentNullException.ThrowIfNull(field);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, fields.Length);
        return new HeaderBlock([.. fields.AsSpan(0, index), field, .. fields.AsSpan(index)]);
    }

    /// <summary>Writes all fields; no empty line follows.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        foreach (var field in fields)
        {
            output.Write(field.Raw.Span);
        }
    }

    /// <summary>All fields in one piece; no empty line follows.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        var at = 0;
        foreach (var field in fields)
        {
            field.Raw.Span.CopyTo(bytes.AsSpan(at));
            at += field.Raw.Length;
        }

        return bytes;
    }

    static bool Is(HeaderField field, string name) => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    static int FieldLength(ReadOnlySpan<byte> bytes, out int nameLength)
    {
        nameLength = NameLength(bytes);
        var length = 0;
        do
        {
            var end = bytes[length..].IndexOf((byte)'\n');
            length = end < 0 ? bytes.Length : length + end + 1;
        }
        while (length < bytes.Length && !bytes[length..].StartsWith("\r\n"u8) && NameLength(bytes[length..]) <= 0);
        return length;
    }

    static int NameLength(ReadOnlySpan<byte> line)
    {
        var end = line.IndexOfAnyExceptInRange((byte)'!', (byte)'~');
        var colon = (end < 0 ? line : line[..end]).IndexOf((byte)':');
        return Math.Max(colon, 0);
    }
}
