using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using MailPlugin.Http;

namespace MailPlugin.Settings.Presets;

/// <summary>The presets that the product ships: <c>presets.json</c>, embedded in the assembly. The page and discovery read the same.</summary>
internal static class PresetCatalog
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    public static IReadOnlyList<Preset> All { get; } = Read();

    static readonly FrozenDictionary<string, Preset> ByDomain =
        All.SelectMany(preset => preset.Domains.Select(domain => (domain, preset))).ToFrozenDictionary(pair => pair.domain, pair => pair.preset, StringComparer.OrdinalIgnoreCase);

    /// <summary>The provider that has the mailboxes of a mail domain, as far as that is known.</summary>
    public static Preset? OfDomain(string domain) => ByDomain.GetValueOrDefault(domain);

    /// <summary>The providers that a relay belongs to: several may share one.</summary>
    public static IEnumerable<Preset> OfHost(string host) => All.Where(preset => preset.Hosts.Contains(host, StringComparer.OrdinalIgnoreCase));

    static List<Preset> Read()
    {
        using var file = typeof(PresetCatalog).Assembly.GetManifestResourceStream("presets.json")!;
        return [.. JsonSerializer.Deserialize<IReadOnlyList<Row>>(file, Json)!.Select(row => row.Preset())];
    }

    sealed record Row(
        string Id, Text Name, IReadOnlyList<string> Hosts, IReadOnlyList<PresetPort> Ports, string Username, string Credential, Text Notes, Texts Steps, string OfficialUrl, DateOnly CheckedOn,
        string? From = null, IReadOnlyList<string>? Domains = null, string? Source = null, IReadOnlyList<string>? Unverified = null, IReadOnlyList<Deadline>? Deadlines = null)
    {
        public Preset Preset() => new()
        {
            Id = Id,
            Name = Name.Localized(),
            Hosts = Hosts,
            Ports = Ports,
            Username = Username,
            Credential = Credential,
            From = From,
            Domains = Domains ?? [],
            Notes = Notes.Localized(),
            Steps = [.. Steps.En.Zip(Steps.Zh, (english, chinese) => new LocalizedText(english, chinese))],
            OfficialUrl = OfficialUrl,
            Source = Source,
            CheckedOn = CheckedOn,
            Unverified = Unverified ?? [],
            Deadlines = [.. (Deadlines ?? []).Select(deadline => new PresetDeadline(deadline.On, deadline.WarnDays, deadline.Before.Localized(), deadline.After.Localized()))],
        };
    }

    sealed record Text(string En, string Zh)
    {
        public LocalizedText Localized() => new(En, Zh);
    }

    sealed record Texts(IReadOnlyList<string> En, IReadOnlyList<string> Zh);

    sealed record Deadline(DateOnly On, int WarnDays, Text Before, Text After);
}
