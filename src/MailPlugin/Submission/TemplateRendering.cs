using MailPlugin.Http.Binding;
using MailPlugin.Settings;
using MailPlugin.Templates;
using MailPlugin.Templates.Catalog;
using MailPlugin.Templates.Rendering;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Submission;

/// <summary>Renders submissions with the templates in force. What an edit cannot render, the text below it does: an edit never keeps a mail from leaving.</summary>
internal sealed partial class TemplateRendering(TemplateRegister register, TemplateRenderer renderer, IMailSetup setup, ILogger<TemplateRendering> logger) : ITemplateRendering
{
    public RenderedContent? Render(string template, string? locale, IReadOnlyDictionary<string, object?>? model, Faults faults)
    {
        var catalog = register.Current;
        var wanted = LocaleTag.Default;
        if (!string.IsNullOrEmpty(locale) && !LocaleTag.TryParse(locale, out wanted))
        {
            faults.Add("locale", LocaleTag.Rule);
            return null;
        }

        if (catalog.Find(template) is not { } named)
        {
            faults.Add("template", "must be the name of a template");
            return null;
        }

        var variant = named.BestFor(wanted!);
        foreach (var name in MissingVariables.Of(named, variant.Template, model))
        {
            faults.Add($"model.{name}", "must be given: the template needs it");
        }

        return faults.Any ? null : Render(variant, catalog, RenderOrder.For(variant.Locale, wanted!, model, setup.SenderName), faults) is { } mail
            ? new(mail.Subject, mail.Text, mail.Html) { Logo = mail.Logo, Options = named.Options }
            : null;
    }

    RenderedMail? Render(TemplateVariant variant, TemplateCatalog catalog, RenderOrder order, Faults faults)
    {
        var result = renderer.Render(variant.Template, catalog.Layout.Layout, order, faults);
        if (result.Failure == RenderFailure.Broken)
        {
            LogBroken(variant.Name, variant.Locale.Text, result.Cause);
            result = variant.Base is { } below ? renderer.Render(below, register.StandardLayout, order, faults) : result;
        }

        if (result.Mail is { Subject.Length: 0 } silent)
        {
            // An inbox needs something to show, and an empty subject is no reason to keep the mail back.
            return silent with { Subject = variant.Name };
        }

        if (result.Failure is { } failure)
        {
            faults.Add("model", failure switch
            {
                RenderFailure.TooSlow => "must not keep the template busy for more than 2 seconds",
                RenderFailure.TooLarge => "must not make more than 2 MB of the template",
                _ => "cannot be used with this template",
            });
        }

        return result.Mail;
    }

    [LoggerMessage(EventId = 1610, Level = LogLevel.Error, Message = "The template engine failed with {Name} ({Locale}); what is below the edit is sent")]
    partial void LogBroken(string name, string locale, Exception? cause);
}

/// <summary>What templates may know of the settings.</summary>
internal sealed class MailSetup(ISettingsSource settings) : IMailSetup
{
    public string? SenderName => settings.Current.Settings.From?.Name;

    public bool HasTransport(string id) => settings.Current.Settings.Transport(id) is not null;
}
