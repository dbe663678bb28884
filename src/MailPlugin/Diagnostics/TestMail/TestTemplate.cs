using System.Globalization;
using MailPlugin.Http;
using MailPlugin.Http.Binding;
using MailPlugin.Templates;
using MailPlugin.Templates.Catalog;
using MailPlugin.Templates.Rendering;

namespace MailPlugin.Diagnostics.TestMail;

/// <summary>The text of a test of the settings: the template <c>test</c>, switched off or not. Where an edit of it fails, the built-in one goes out.</summary>
internal sealed class TestTemplate(TemplateRegister register, TemplateRenderer renderer, TimeProvider clock)
{
    const string Name = "test";

    public RenderedMail Render(TestRequest request, Language language)
    {
        var catalog = register.Current;
        var variant = catalog.Find(Name)!.BestFor(language == Language.Chinese ? LocaleTag.Parse("zh-CN") : LocaleTag.Default);
        var order = RenderOrder.For(variant.Locale, variant.Locale, ModelOf(request), request.From.Name);
        return renderer.Render(variant.Template, catalog.Layout.Layout, order, new Faults()).Mail
            ?? renderer.Render(variant.Base!, register.StandardLayout, order, new Faults()).Mail
            ?? throw new InvalidOperationException("The built-in test mail cannot be rendered.");
    }

    Dictionary<string, object?> ModelOf(TestRequest request) => new(StringComparer.Ordinal)
    {
        ["transport"] = request.Transport.Name,
        ["relay"] = request.Transport.Smtp is { } smtp ? string.Create(CultureInfo.InvariantCulture, $"{smtp.Host}:{smtp.Port}") : null,
        ["time"] = clock.GetUtcNow(),
    };
}
