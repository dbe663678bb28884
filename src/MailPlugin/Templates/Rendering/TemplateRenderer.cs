using System.Buffers;
using System.Text;
using MailPlugin.Http.Binding;

namespace MailPlugin.Templates.Rendering;

/// <summary>Makes a mail of a template, the layout and a model, within one budget for all parts.</summary>
internal sealed class TemplateRenderer(TimeProvider clock, RenderLimits limits)
{
    const int PreheaderLength = 140;

    static readonly SearchValues<char> Breaks = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Append(0x7F).Concat(Enumerable.Range(0x80, 0x20)).Append(0x2028).Append(0x2029).Select(code => (char)code)]);

    public TemplateRenderer(TimeProvider clock)
        : this(clock, RenderLimits.Standard)
    {
    }

    /// <summary>Parts of the model that cannot be used are noted in <paramref name="faults"/>, and left out.</summary>
    public RenderResult Render(PreparedTemplate template, PreparedLayout layout, RenderOrder order, Faults faults)
    {
        try
        {
            return new(RenderWithin(template, layout, order, faults), null);
        }
        catch (RenderLimitException limit)
        {
            return new(null, limit.Limit == RenderLimit.Time ? RenderFailure.TooSlow : RenderFailure.TooLarge);
        }
        catch (TemplateRefusedException fault)
        {
            return new(null, RenderFailure.Broken, fault);
        }
    }

    RenderedMail RenderWithin(PreparedTemplate template, PreparedLayout layout, RenderOrder order, Faults faults)
    {
        var budget = new RenderBudget(clock, limits);
        var state = new RenderState(budget, order.Culture, layout.Colors);
        var model = ModelConversion.Convert(order.Model, budget, faults);
        var brand = Brand(layout, order.Sender);
        var rendered = template.Subject.Render(model, brand, state);
        var subject = OneLine(rendered);
        var html = template.Html?.Render(model, brand, state);
        var text = template.Text?.Render(model, brand, state) ?? (html is null ? "" : HtmlToText.Convert(html));
        var frame = Frame(order.Locale, subject, OneLine(state.Preheader ?? Beginning(text)));
        var whole = layout.Text.Render(With(frame, text), brand, state).TrimEnd() + "\n";
        var page = html is null ? null : layout.Html.Render(With(frame, html), brand, state);
        var logo = layout.Source.Logo is { } picture && page?.Contains($"cid:{LayoutLogo.ContentId}", StringComparison.Ordinal) == true ? picture : null;
        return new(subject, whole, page, logo) { SubjectWasMended = rendered.AsSpan().IndexOfAny(Breaks) >= 0 };
    }

    static ModelMap Brand(PreparedLayout layout, string? sender) => new(
        new Dictionary<string, object?>
        {
            ["name"] = ModelConversion.Clean(layout.Source.BrandName ?? sender ?? ""),
            ["color"] = layout.Colors.Fill,
            ["ink"] = layout.Colors.Ink,
            ["address"] = layout.Source.Address,
            ["logo"] = layout.Source.Logo is null ? null : $"cid:{LayoutLogo.ContentId}",
        },
        null);

    static Dictionary<string, object?> Frame(LocaleTag locale, string subject, string summary) => new(StringComparer.Ordinal)
    {
        ["subject"] = subject,
        ["summary"] = summary,
        ["lang"] = locale.Text,
        ["dir"] = locale.Culture.TextInfo.IsRightToLeft ? "rtl" : "ltr",
    };

    static ModelMap With(Dictionary<string, object?> frame, string body) => new(new Dictionary<string, object?>(frame, StringComparer.Ordinal) { ["body"] = body }, null);

    /// <summary>What may stand in a header: every run of line breaks and control characters becomes a blank.</summary>
    static string OneLine(string text)
    {
        if (text.AsSpan().IndexOfAny(Breaks) < 0)
        {
            return text.Trim();
        }

        var line = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (!Breaks.Contains(letter))
            {
                line.Append(letter);
            }
            else if (line.Length > 0 && line[^1] != ' ')
            {
                line.Append(' ');
            }
        }

        return line.ToString().Trim();
    }

    static string Beginning(string text)
    {
        if (text.Length <= PreheaderLength)
        {
            return text;
        }

        var end = text.LastIndexOf(' ', PreheaderLength) is > 0 and var blank ? blank : PreheaderLength;
        return text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)];
    }
}
