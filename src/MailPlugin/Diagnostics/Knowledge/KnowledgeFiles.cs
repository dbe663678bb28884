using System.Text.Json;
using System.Text.Json.Serialization;
using MailPlugin.Diagnostics.Causes;
using MailPlugin.Http;
using MailPlugin.Transports;

namespace MailPlugin.Diagnostics.Knowledge;

/// <summary>The entries as files: <c>Entries/*.json</c>, one for each provider or kind of trouble, embedded in the assembly.</summary>
internal static class KnowledgeFiles
{
    const string Prefix = "knowledge/";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    public static IReadOnlyList<KnowledgeEntry> Read()
    {
        var assembly = typeof(KnowledgeFiles).Assembly;
        return [.. assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .SelectMany(name => Parse(assembly.GetManifestResourceStream(name)!))];
    }

    /// <exception cref="JsonException">It is not written as an entry is.</exception>
    public static IReadOnlyList<KnowledgeEntry> Parse(Stream json)
    {
        using (json)
        {
            return [.. JsonSerializer.Deserialize<IReadOnlyList<EntryRow>>(json, Json)!.Select(row => row.Entry())];
        }
    }

    sealed record EntryRow(string Id, KnowledgeMatch Match, string Cause, Actor Who, TextRow Text, IReadOnlyList<TextRow> Advice, IReadOnlyList<SampleRow> Samples, string? Link = null)
    {
        public KnowledgeEntry Entry() => new(Id, Match, Cause, Who, Text.Text(), [.. Advice.Select(advice => advice.Text())], [.. Samples.Select(sample => sample.Sample())]) { Link = Link };
    }

    sealed record TextRow(string En, string Zh)
    {
        public LocalizedText Text() => new(En, Zh);
    }

    /// <summary>A reply, or the words of a session's fault.</summary>
    sealed record SampleRow(TransportStage Stage, string? Reply = null, TransportFaultKind? Fault = null, string? Words = null, string? Relay = null, string? Source = null)
    {
        public KnowledgeSample Sample()
        {
            var seen = Reply is null ? new() { Words = Words ?? throw new JsonException("A sample has a reply or words."), Relay = Relay } : Observation.Of(Reply, Relay);
            return new(seen with { Stage = Stage, Fault = Fault }, Source);
        }
    }
}
