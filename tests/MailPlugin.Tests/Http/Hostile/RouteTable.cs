using MailPlugin.Tests.Fixtures;
using Microsoft.AspNetCore.Routing;

namespace MailPlugin.Tests.Http.Hostile;

/// <summary>A route as it is mapped: what a test does to each of them holds for those that come later.</summary>
/// <param name="Pattern">With its parameters in braces, relative to the API.</param>
internal sealed record Mapped(HttpMethod Method, string Pattern)
{
    public bool Changes => Method != HttpMethod.Get;

    public bool HasParameter => Pattern.Contains('{', StringComparison.Ordinal);

    /// <summary>The path with <paramref name="value"/> for every parameter.</summary>
    public string With(string value) =>
        string.Join('/', Pattern.Split('/').Select(part => part.StartsWith('{') ? value : part));

    public override string ToString() => $"{Method} {Pattern}";
}

internal static class RouteTable
{
    public static async Task<IReadOnlyList<Mapped>> OfAsync(PluginHost host)
    {
        // Routes are mapped for the first request that is routed.
        Assert.Equal(200, (await host.GetAsync("version")).Status);
        var routes = host.Routes
            .SelectMany(route => (route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => new Mapped(new(method), route.RoutePattern.RawText!.Trim('/'))))
            .Distinct().ToList();
        Assert.Contains(new(HttpMethod.Put, "settings"), routes);
        Assert.Contains(new(HttpMethod.Get, "transcripts/{id}"), routes);
        return routes;
    }
}
