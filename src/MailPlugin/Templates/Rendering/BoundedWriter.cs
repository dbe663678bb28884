using System.Globalization;
using System.Text;

namespace MailPlugin.Templates.Rendering;

/// <summary>Output that is paid for from the budget.</summary>
internal sealed class BoundedWriter(RenderBudget budget) : TextWriter(CultureInfo.InvariantCulture)
{
    readonly StringBuilder _text = new();

    public override Encoding Encoding => Encoding.Unicode;

    public override void Write(char value)
    {
        budget.Spend(1);
        _text.Append(value);
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
        _text.Append(buffer);
    }

    public override string ToString() => _text.ToString();
}
