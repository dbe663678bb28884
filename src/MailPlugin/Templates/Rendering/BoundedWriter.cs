using System.Buffers;
using System.Globalization;
using System.Text;

namespace MailPlugin.Templates.Rendering;

/// <summary>Output that is paid for from the budget. Its room is lent: a mail's text is made once, when it is whole.</summary>
internal sealed class BoundedWriter(RenderBudget budget) : TextWriter(CultureInfo.InvariantCulture)
{
    const int FirstRoom = 8 * 1024;

    char[] _text = ArrayPool<char>.Shared.Rent(FirstRoom);
    int _length;

    public override Encoding Encoding => Encoding.Unicode;

    public override void Write(char value)
    {
        budget.Spend(1);
        Room(1)[0] = value;
    }

    public override void Write(string? value)
    {
        if (value is not null)
        {
            Write(value.AsSpan());
        }
    }

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        budget.Step();
        budget.Spend(buffer.Length);
        buffer.CopyTo(Room(buffer.Length));
    }

    public override string ToString() => new(_text, 0, _length);

    protected override void Dispose(bool disposing)
    {
        // Disposed twice, it must not be lent out twice.
        if (_text.Length > 0)
        {
            ArrayPool<char>.Shared.Return(_text);
            _text = [];
        }

        base.Dispose(disposing);
    }

    /// <summary>The budget bounds how much it becomes.</summary>
    Span<char> Room(int length)
    {
        if (_length + length > _text.Length)
        {
            var larger = ArrayPool<char>.Shared.Rent(Math.Max(2 * _text.Length, _length + length));
            _text.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<char>.Shared.Return(_text);
            _text = larger;
        }

        _length += length;
        return _text.AsSpan(_length - length, length);
    }
}
