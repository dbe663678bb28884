using System.Collections.Frozen;
using System.Text.Json.Nodes;
using MailPlugin.Templates.Layouts;
using MailPlugin.Templates.Rendering;
using MailPlugin.Templates.Sources;
using MailPlugin.Templates.Store;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Templates.Catalog;

/// <summary>
/// Keeps the templates in force in memory and every edit in the store. Layers, the later winning: built in, of the host, edited, of the folder. What breaks a
/// rule is left out of its layer and told, so that what is below it is sent.
/// </summary>
internal sealed partial class TemplateRegister
{
    readonly ITemplateStore _store;
    readonly TemplateWorkshop _workshop;
    readonly TimeProvider _clock;
    readonly ILogger _logger;
    readonly Lock _lock = new();
    readonly Dictionary<(string Name, string Locale), Edited> _edits = [];
    readonly Dictionary<string, (TemplateOptions Options, EditMark Mark)> _options = new(StringComparer.Ordinal);
    readonly Layer _builtIn;
    readonly Layer _host;
    Layer _folder = Layer.Empty;
    LayoutInForce? _editedLayout;
    int _layoutVersion;
    TemplateCatalog _current;

    public TemplateRegister(ITemplateStore store, TemplateWorkshop workshop, HostTemplates host, TimeProvider clock, ILogger<TemplateRegister> logger)
    {
        (_store, _workshop, _clock, _logger) = (store, workshop, clock, logger);
        _builtIn = Prepare(workshop.BuiltIn);
        _host = Prepare(host.Read());
        _current = Publish();
    }

    public TemplateCatalog Current => Volatile.Read(ref _current);

    public PreparedLayout StandardLayout => _workshop.StandardLayout;

    /// <summary>Takes over what is stored; again, what another node has stored since.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var versions = await _store.LoadAsync(cancellationToken);
        var options = await _store.LoadOptionsAsync(cancellationToken);
        lock (_lock)
        {
            foreach (var version in versions)
            {
                Adopt(version);
            }

            foreach (var stored in options)
            {
                Adopt(stored.Name, TemplateOptionsDocument.Restore(stored.Document), new(stored.Version, stored.UpdatedAt, stored.UpdatedBy));
            }

            Publish();
        }
    }

    /// <summary>Takes over what the folder has now. Where a file became faulty the last good one stays.</summary>
    public void UseFolder(SourceSet files, string path)
    {
        lock (_lock)
        {
            var before = _folder;
            _folder = Prepare(files) with { Path = path };
            foreach (var key in files.Templates.Select(file => (file.Name, file.Locale.Text)).Concat(files.Unusable))
            {
                if (!_folder.Templates.ContainsKey(key) && before.Templates.TryGetValue(key, out var lastGood))
                {
                    _folder.Templates[key] = lastGood;
                }
            }

            _folder = _folder with { Layout = _folder.Layout ?? (files.Layout is null ? null : before.Layout) };
            Publish();
        }
    }

    /// <summary>Saves a text as the successor of <paramref name="basedOn"/>; null when another version came in between.</summary>
    public Task<TemplateCatalog?> SaveAsync(string name, LocaleTag locale, TemplateText text, int basedOn, TemplateAct act, string who, CancellationToken cancellationToken) =>
        KeepAsync(name, locale.Text, TemplateTextDocument.Write(text), basedOn, act, who, cancellationToken);

    public Task<TemplateCatalog?> ResetAsync(string name, LocaleTag locale, int basedOn, string who, CancellationToken cancellationToken) =>
        KeepAsync(name, locale.Text, null, basedOn, TemplateAct.Reset, who, cancellationToken);

    public Task<TemplateCatalog?> SaveLayoutAsync(TemplateLayout layout, int basedOn, TemplateAct act, string who, CancellationToken cancellationToken) =>
        KeepAsync(TemplateName.Layout, "", LayoutDocument.Write(layout), basedOn, act, who, cancellationToken);

    public Task<TemplateCatalog?> ResetLayoutAsync(int basedOn, string who, CancellationToken cancellationToken) =>
        KeepAsync(TemplateName.Layout, "", null, basedOn, TemplateAct.Reset, who, cancellationToken);

    public async Task<TemplateCatalog?> SaveOptionsAsync(string name, TemplateOptions options, int basedOn, string who, CancellationToken cancellationToken)
    {
        var mark = new EditMark(basedOn + 1, _clock.GetUtcNow(), who);
        var stored = new StoredTemplateOptions(name, mark.Version, mark.UpdatedAt, who, TemplateOptionsDocument.Write(options).ToJsonString());
        if (!await _store.SaveOptionsAsync(stored, basedOn, cancellationToken))
        {
            return null;
        }

        lock (_lock)
        {
            Adopt(name, options, mark);
            return Publish();
        }
    }

    async Task<TemplateCatalog?> KeepAsync(string name, string locale, JsonObject? document, int basedOn, TemplateAct act, string who, CancellationToken cancellationToken)
    {
        var version = new TemplateVersion(name, locale, 0, _clock.GetUtcNow(), who, act, document?.ToJsonString());
        if (await _store.SaveAsync(version, basedOn, cancellationToken) is not { } kept)
        {
            return null;
        }

        LogSaved(name, locale, kept.Number, who);
        lock (_lock)
        {
            Adopt(kept);
            return Publish();
        }
    }

    /// <summary>Two saves may come here in the other order: the higher number holds.</summary>
    void Adopt(string name, TemplateOptions options, EditMark mark)
    {
        if (!_options.TryGetValue(name, out var newer) || newer.Mark.Version < mark.Version)
        {
            _options[name] = (options, mark);
        }
    }

    /// <summary>As with options, the higher number holds.</summary>
    void Adopt(TemplateVersion version)
    {
        var mark = new EditMark(version.Number, version.UpdatedAt, version.UpdatedBy);
        if (version.Name == TemplateName.Layout)
        {
            AdoptLayout(version, mark);
            return;
        }

        var key = (version.Name, version.Locale);
        if (_edits.TryGetValue(key, out var before) && before.Number >= version.Number)
        {
            return;
        }

        var prepared = version.Document is null ? null : _workshop.Restore(version.Document);
        if (prepared is null && version.Document is not null)
        {
            LogFaulty($"version {version.Number} of {version.Name} ({version.Locale}) breaks rules of this version");
        }

        _edits[key] = new(version.Document is null ? null : mark, version.Number, prepared);
    }

    void AdoptLayout(TemplateVersion version, EditMark mark)
    {
        if (_layoutVersion >= version.Number)
        {
            return;
        }

        // One that took the edit back has a number, too, and it is not of the layout in force.
        _layoutVersion = version.Number;

        var prepared = version.Document is null ? _workshop.StandardLayout : _workshop.RestoreLayout(version.Document);
        if (prepared is null)
        {
            LogFaulty($"version {version.Number} of the layout breaks rules of this version");
        }

        _editedLayout = new(prepared ?? _workshop.StandardLayout, version.Document is null ? null : mark, null);
    }

    TemplateCatalog Publish()
    {
        var keys = new[] { _builtIn, _host, _folder }.SelectMany(layer => layer.Templates.Keys).Concat(_edits.Where(edit => edit.Value.Template is not null).Select(edit => edit.Key)).Distinct();
        var templates = keys.Select(Variant).GroupBy(variant => variant.Name, StringComparer.Ordinal).Select(Named).ToFrozenDictionary(template => template.Name, StringComparer.Ordinal);
        var layout = _folder.Layout is { } locked ? new LayoutInForce(locked, null, LockOf(_folder)) : _editedLayout ?? new(_workshop.StandardLayout, null, null);
        var catalog = new TemplateCatalog(templates, layout);
        Volatile.Write(ref _current, catalog);
        return catalog;
    }

    TemplateVariant Variant((string Name, string Locale) key)
    {
        var locale = LocaleTag.Parse(key.Locale);
        var (origin, below) = _host.Templates.TryGetValue(key, out var brought) ? (TemplateOrigin.Host, brought)
            : _builtIn.Templates.TryGetValue(key, out var builtIn) ? (TemplateOrigin.BuiltIn, builtIn)
            : (TemplateOrigin.Added, null);
        if (_folder.Templates.TryGetValue(key, out var file))
        {
            return new(key.Name, locale, TemplateOrigin.Folder, file, below, null, LockOf(_folder));
        }

        var edit = _edits.GetValueOrDefault(key);
        return new(key.Name, locale, origin, edit?.Template ?? below!, below, edit?.Mark, null);
    }

    NamedTemplate Named(IGrouping<string, TemplateVariant> variants)
    {
        var about = new[] { _builtIn, _host, _folder }.Select(layer => layer.Abouts.GetValueOrDefault(variants.Key)).OfType<TemplateAbout>()
            .Aggregate(TemplateAbout.Nothing, (below, above) => above.Over(below));
        var found = _options.TryGetValue(variants.Key, out var stored);
        return new(
            variants.Key, about, found ? stored.Options : new() { KeepContent = about.KeepContent ?? true }, found ? stored.Mark : null,
            [.. variants.OrderBy(variant => variant.Locale.Text, StringComparer.Ordinal)]);
    }

    Layer Prepare(SourceSet set)
    {
        var templates = new Dictionary<(string, string), PreparedTemplate>();
        foreach (var source in set.Templates)
        {
            var (template, faults) = _workshop.Prepare(source.Text);
            if (template is not null)
            {
                templates[(source.Name, source.Locale.Text)] = template;
            }
            else
            {
                LogFaulty($"{source.Name} ({source.Locale}), {faults[0].Part}, line {faults[0].Line}, column {faults[0].Column}: {faults[0].Message.English}");
            }
        }

        foreach (var fault in set.Faults)
        {
            LogFaulty(fault);
        }

        return new(templates, set.Abouts, PrepareLayout(set), "");
    }

    PreparedLayout? PrepareLayout(SourceSet set)
    {
        if (set.Layout is null)
        {
            return null;
        }

        var (layout, faults) = _workshop.Prepare(set.Layout);
        if (layout is null)
        {
            LogFaulty($"layout, {faults[0].Part}, line {faults[0].Line}, column {faults[0].Column}: {faults[0].Message.English}");
        }

        return layout;
    }

    static string LockOf(Layer layer) => $"Templates:Path {layer.Path}";

    [LoggerMessage(EventId = 1600, Level = LogLevel.Information, Message = "Template {Name} {Locale}: version {Version} saved by {Who}")]
    partial void LogSaved(string name, string locale, int version, string who);

    [LoggerMessage(EventId = 1601, Level = LogLevel.Warning, Message = "A template cannot be used, what was there before is sent: {Fault}")]
    partial void LogFaulty(string fault);

    sealed record Layer(
        Dictionary<(string Name, string Locale), PreparedTemplate> Templates, IReadOnlyDictionary<string, TemplateAbout> Abouts, PreparedLayout? Layout, string Path)
    {
        public static Layer Empty { get; } = new([], new Dictionary<string, TemplateAbout>(), null, "");
    }

    /// <param name="Mark">Null: taken back.</param>
    /// <param name="Template">Null: taken back, or faulty by today's rules.</param>
    sealed record Edited(EditMark? Mark, int Number, PreparedTemplate? Template);
}
