using System.Text.Json;
using MailPlugin.Http;
using MailPlugin.Http.Binding;
using MailPlugin.Templates.Layouts;
using MailPlugin.Templates.Rendering;

namespace MailPlugin.Templates.Sources;

/// <summary>
/// Templates as files: <c>NAME.LOCALE.subject</c>, <c>.html</c> and <c>.txt</c>; <c>NAME.json</c> with title, variables and samples; <c>layout.html</c>, <c>layout.txt</c> and
/// <c>layout.json</c>. The built-in ones and those of a folder are read alike; what is faulty is told and left out.
/// </summary>
internal sealed class TemplateFiles
{
    readonly Dictionary<(string Name, string Locale), Dictionary<string, string>> _parts = [];
    readonly Dictionary<string, TemplateAbout> _abouts = new(StringComparer.Ordinal);
    readonly List<string> _faults = [];
    readonly List<(string, string)> _unusable = [];
    TemplateLayout? _layout;

    public static SourceSet Read(IEnumerable<(string File, string Content)> files)
    {
        var reader = new TemplateFiles();
        foreach (var (file, content) in files.OrderBy(file => file.File, StringComparer.Ordinal))
        {
            reader.Take(file, content);
        }

        var templates = reader.Templates().ToList();
        return new() { Templates = templates, Abouts = reader._abouts, Layout = reader._layout, Faults = reader._faults, Unusable = reader._unusable };
    }

    void Take(string file, string content)
    {
        var parts = file.Split('.');
        switch (parts)
        {
            case [TemplateName.Layout, "html"]:
                _layout = (_layout ?? new()) with { Html = content };
                break;
            case [TemplateName.Layout, "txt"]:
                _layout = (_layout ?? new()) with { Text = content };
                break;
            case [TemplateName.Layout, "json"]:
                ReadJson(file, content, ReadLayout);
                break;
            case [var name, "json"] when TemplateName.IsValid(name):
                ReadJson(file, content, (json, faults) => _abouts[name] = ReadAbout(json, faults));
                break;
            case [var name, var locale, "subject" or "html" or "txt"] when name != TemplateName.Layout && TemplateName.IsValid(name) && LocaleTag.TryParse(locale, out var tag):
                (_parts.TryGetValue((name, tag.Text), out var found) ? found : _parts[(name, tag.Text)] = [])[parts[2]] = content;
                break;
            default:
                _faults.Add($"{file}: the name says no template (NAME.LOCALE.subject, .html, .txt, or NAME.json)");
                break;
        }
    }

    IEnumerable<SourceTemplate> Templates()
    {
        foreach (var ((name, locale), parts) in _parts)
        {
            var text = new TemplateText(parts.GetValueOrDefault("subject", "").Trim(), parts.GetValueOrDefault("txt"), parts.GetValueOrDefault("html"));
            if (text.Subject.Length == 0 || (text.Text is null && text.Html is null) || text.IsTooLarge)
            {
                _unusable.Add((name, locale));
                _faults.Add($"{name}.{locale}: needs a subject and a text or HTML part of at most {TemplateText.MaxBytes} bytes");
            }
            else
            {
                yield return new(name, LocaleTag.Parse(locale), text);
            }
        }
    }

    void ReadJson(string file, string content, Action<JsonObjectReader, Faults> read)
    {
        var faults = new Faults();
        try
        {
            using var document = JsonDocument.Parse(content);
            var json = new JsonObjectReader(document.RootElement, "", faults);
            read(json, faults);
            json.Complete();
        }
        catch (JsonException fault)
        {
            faults.Add("", fault.Message);
        }

        _faults.AddRange(faults.ToErrors().Select(pair => $"{file}: {pair.Key} {string.Join(", ", pair.Value)}"));
    }

    void ReadLayout(JsonObjectReader json, Faults faults)
    {
        var values = LayoutReader.ReadValues(json);
        _layout = values with { Html = _layout?.Html, Text = _layout?.Text };
    }

    static TemplateAbout ReadAbout(JsonObjectReader json, Faults faults)
    {
        var title = json.Object("title");
        var variables = json.Objects("variables", 200).Select(ReadVariable).ToList();
        var samples = new Dictionary<string, IReadOnlyDictionary<string, object?>>(StringComparer.Ordinal);
        if (json.TryGetValue("samples", out var all) && all.ValueKind == JsonValueKind.Object)
        {
            var byLocale = new JsonObjectReader(all, "samples", faults);
            foreach (var locale in all.EnumerateObject().Select(JsonText.NameOf).OfType<string>())
            {
                samples[locale] = ModelReader.Read(byLocale, locale) ?? new Dictionary<string, object?>();
            }

            byLocale.Complete();
        }

        return new()
        {
            Title = title is null ? null : Localized(title),
            Variables = json.Has("variables") ? variables : null,
            Sample = ModelReader.Read(json, "sample"),
            Samples = samples,
            KeepContent = json.Has("keepContent") ? json.Flag("keepContent", defaultValue: true) : null,
        };
    }

    static TemplateVariable ReadVariable(JsonObjectReader json)
    {
        var name = json.Line("name", 200) ?? "";
        var variable = new TemplateVariable(name, json.Flag("required", defaultValue: false), Localized(json));
        json.Complete();
        return variable;
    }

    static LocalizedText? Localized(JsonObjectReader json)
    {
        var (english, chinese) = (json.Line("en", 200), json.Line("zh-CN", 200));
        return (english ?? chinese) is { } either ? new(english ?? either, chinese ?? either) : null;
    }
}
