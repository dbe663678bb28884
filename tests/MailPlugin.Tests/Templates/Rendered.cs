using System.Globalization;
using System.Text.Json;
using MailPlugin.Http.Binding;
using MailPlugin.Templates;
using MailPlugin.Templates.Catalog;
using MailPlugin.Templates.Rendering;
using MailPlugin.Templates.Scanning;

namespace MailPlugin.Tests.Templates;

/// <summary>Renders by the way that mail takes, below HTTP.</summary>
internal static class Rendered
{
    public static TemplateWorkshop Workshop { get; } = new();

    /// <summary>A frame that adds nothing.</summary>
    public static PreparedLayout Bare { get; } = Workshop.Prepare(new TemplateLayout { Html = "{{{body}}}", Text = "{{body}}" }).Layout!;

    public static RenderLimits Patient { get; } = new(TimeSpan.FromMinutes(1), 2 * 1024 * 1024);

    public static PreparedTemplate Prepare(string? html = null, string? text = null, string subject = "Subject")
    {
        var (template, faults) = Workshop.Prepare(new TemplateText(subject, text, html));
        return template ?? throw new InvalidOperationException(faults[0].Message.English);
    }

    public static RenderResult Try(PreparedTemplate template, object? model = null, RenderLimits? limits = null, string locale = "en", PreparedLayout? layout = null)
    {
        var tag = LocaleTag.Parse(locale);
        return new TemplateRenderer(TimeProvider.System, limits ?? Patient).Render(template, layout ?? Bare, RenderOrder.For(tag, tag, ModelOf(model), "Sender"), new Faults());
    }

    public static RenderedMail Mail(PreparedTemplate template, object? model = null, string locale = "en", PreparedLayout? layout = null)
    {
        var result = Try(template, model, null, locale, layout);
        return result.Mail ?? throw new InvalidOperationException($"{result.Failure}", result.Cause);
    }

    public static string Html(string template, object? model = null, string locale = "en") => Mail(Prepare(html: template, text: "x"), model, locale).Html!;

    public static string Text(string template, object? model = null, string locale = "en") => Mail(Prepare(text: template), model, locale).Text.TrimEnd('\n');

    public static string Subject(string template, object? model = null) => Mail(Prepare(text: "x", subject: template), model).Subject;

    public static (int? Line, int? Column, string Message) Fault(string template)
    {
        var (scanned, faults) = TemplateScanner.Scan("text", template);
        Assert.Null(scanned);
        return (faults[0].Line, faults[0].Column, faults[0].Message.English);
    }

    /// <summary>A dictionary as it is, JSON as REST reads it.</summary>
    public static IReadOnlyDictionary<string, object?>? ModelOf(object? model) => model switch
    {
        null => null,
        IReadOnlyDictionary<string, object?> map => map,
        string json => ModelReader.Read(JsonDocument.Parse(json).RootElement),
        _ => throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{model} is no model."), nameof(model)),
    };
}
