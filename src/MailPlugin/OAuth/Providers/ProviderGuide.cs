using System.Text.Json;
using MailPlugin.Http;

namespace MailPlugin.OAuth.Providers;

/// <summary>
/// A provider as people choose it, with what they have to do there for each flow: <c>guides.json</c>, embedded in the assembly. Two may be one provider to the settings: Microsoft 365 and
/// Outlook.com differ by the tenant alone.
/// </summary>
/// <param name="Id">What the page calls it.</param>
/// <param name="Provider">What <c>smtp.oauth.provider</c> calls it; null: whatever is typed.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Tenant">Fixed; null: typed where there is one.</param>
/// <param name="OfficialUrl">The provider's own page.</param>
/// <param name="CheckedOn">When the steps were compared with it.</param>
/// <param name="Steps">By flow, in the order in which the flows are to be offered.</param>
internal sealed record ProviderGuide(
    string Id, string? Provider, LocalizedText Name, string? Tenant, string? OfficialUrl, DateOnly? CheckedOn, IReadOnlyDictionary<string, ProviderSteps> Steps)
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow };

    public static IReadOnlyList<ProviderGuide> All { get; } = Read();

    static List<ProviderGuide> Read()
    {
        using var file = typeof(ProviderGuide).Assembly.GetManifestResourceStream("oauth-guides.json")!;
        return [.. JsonSerializer.Deserialize<IReadOnlyList<Row>>(file, Json)!.Select(row => new ProviderGuide(row.Id, row.Provider, new(row.Name.En, row.Name.Zh), row.Tenant, row.OfficialUrl, row.CheckedOn, row.Steps))];
    }

    sealed record Row(string Id, string? Provider, Words Name, string? Tenant, string? OfficialUrl, DateOnly? CheckedOn, Dictionary<string, ProviderSteps> Steps);

    sealed record Words(string En, string Zh);
}

internal sealed record ProviderSteps(IReadOnlyList<string> En, IReadOnlyList<string> Zh);
