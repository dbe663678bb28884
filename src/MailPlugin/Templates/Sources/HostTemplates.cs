using System.Text.Json;
using MailPlugin.Abstractions;

namespace MailPlugin.Templates.Sources;

/// <summary>What the host and its other plugins bring. A source that fails costs its templates and nothing else.</summary>
internal sealed class HostTemplates(Func<IEnumerable<IMailTemplateSource>> sources)
{
    public SourceSet Read()
    {
        var templates = new Dictionary<(string, string), SourceTemplate>();
        var abouts = new Dictionary<string, TemplateAbout>(StringComparer.Ordinal);
        var faults = new List<string>();
        foreach (var source in Sources(faults))
        {
            try
            {
                foreach (var template in source.Templates)
                {
                    Take(template, templates, abouts, faults);
                }
            }
            catch (Exception fault)
            {
                faults.Add($"{source.GetType().FullName}: {fault.Message}");
            }
        }

        return new() { Templates = [.. templates.Values], Abouts = abouts, Faults = faults };
    }

    /// <summary>They are made when they are asked for, and that may fail as well.</summary>
    List<IMailTemplateSource> Sources(List<string> faults)
    {
        try
        {
            return [.. sources()];
        }
        catch (Exception fault)
        {
            faults.Add($"the host's sources: {fault.Message}");
            return [];
        }
    }

    static void Take(MailTemplate template, Dictionary<(string, string), SourceTemplate> templates, Dictionary<string, TemplateAbout> abouts, List<string> faults)
    {
        var text = new TemplateText(template.Subject ?? "", template.Text, template.Html);
        if (template.Name is null || template.Name == TemplateName.Layout || !TemplateName.IsValid(template.Name) || !LocaleTag.TryParse(template.Locale, out var locale))
        {
            faults.Add($"{template.Name} ({template.Locale}): the name {TemplateName.Rule}, the locale {LocaleTag.Rule}");
        }
        else if (string.IsNullOrWhiteSpace(text.Subject) || (text.Text is null && text.Html is null) || text.IsTooLarge)
        {
            faults.Add($"{template.Name} ({template.Locale}): needs a subject and a text or HTML part of at most {TemplateText.MaxBytes} bytes");
        }
        else
        {
            templates[(template.Name, locale.Text)] = new(template.Name, locale, text);
            abouts[template.Name] = About(template, abouts.GetValueOrDefault(template.Name, TemplateAbout.Nothing), locale, faults);
        }
    }

    /// <summary>Put together from all locales of the name: the first sample serves those that bring none.</summary>
    static TemplateAbout About(MailTemplate template, TemplateAbout before, LocaleTag locale, List<string> faults)
    {
        var required = template.Required.Select(name => new TemplateVariable(name, Required: true, null)).Concat(before.Variables ?? []).DistinctBy(variable => variable.Name).ToList();
        var sample = Sample(template, faults);
        return new()
        {
            Variables = required.Count > 0 ? required : null,
            Sample = before.Sample ?? sample,
            Samples = sample is null ? before.Samples : new Dictionary<string, IReadOnlyDictionary<string, object?>>(before.Samples) { [locale.Text] = sample },
            KeepContent = template.KeepContent ? before.KeepContent : false,
        };
    }

    static IReadOnlyDictionary<string, object?>? Sample(MailTemplate template, List<string> faults)
    {
        if (template.Sample is null)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(template.Sample);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return ModelReader.Read(document.RootElement);
            }

            faults.Add($"{template.Name} ({template.Locale}): the sample is not a JSON object");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            faults.Add($"{template.Name} ({template.Locale}): the sample is not JSON: {fault.Message}");
        }

        return null;
    }
}
