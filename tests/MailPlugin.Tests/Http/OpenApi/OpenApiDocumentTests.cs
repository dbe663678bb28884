using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MailPlugin.Http.OpenApi;
using MailPlugin.Http.Problems;

namespace MailPlugin.Tests.Http.OpenApi;

public sealed partial class OpenApiDocumentTests
{
    static readonly JsonElement Root = TheDocument.Root;

    [Fact]
    public void Every_route_is_described_and_nothing_else()
    {
        var mapped = MappedRoutes.All().Select(route => $"{route.Method} {route.Path}").Order(StringComparer.Ordinal);
        var described = TheDocument.Operations.Select(item => $"{item.Method} {item.Path}").Order(StringComparer.Ordinal);

        Assert.Equal(mapped, described);
    }

    [Fact]
    public void Every_operation_asks_for_the_scope_of_its_route()
    {
        var asked = MappedRoutes.All().Where(route => Operation(route) is not { } operation || !IsSpecial(operation))
            .ToDictionary(route => $"{route.Method} {route.Path}", route => route.Scope);
        var described = TheDocument.Operations.Where(item => !IsSpecial(item.Operation))
            .ToDictionary(item => $"{item.Method} {item.Path}", item => ScopeOf(item.Operation));

        Assert.Equal(asked, described);

        // More than key and cookie: the fragment says it in words of its own, such as a detail that only some callers get.
        static bool IsSpecial(JsonElement operation) => operation.GetProperty("security").GetArrayLength() > 2;
        static JsonElement? Operation(MappedRoute route) =>
            Root.GetProperty("paths").TryGetProperty(route.Path, out var path) && path.TryGetProperty(route.Method, out var operation) ? operation : null;
    }

    [Fact]
    public void Every_reference_leads_somewhere()
    {
        var broken = TheDocument.Walk(Root)
            .Where(item => item.Path.EndsWith("/$ref", StringComparison.Ordinal) && TheDocument.Schemas.Resolve(item.Value.GetString()!) is null)
            .Select(item => $"{item.Path}: {item.Value}");

        Assert.Empty(broken);
    }

    [Fact]
    public void Every_component_is_used()
    {
        var used = TheDocument.Walk(Root).Where(item => item.Path.EndsWith("/$ref", StringComparison.Ordinal)).Select(item => item.Value.GetString()).ToHashSet();
        var components = Root.GetProperty("components").EnumerateObject().Where(section => section.Name is not ("securitySchemes" or "examples"))
            .SelectMany(section => section.Value.EnumerateObject().Select(item => $"#/components/{section.Name}/{item.Name}"));

        Assert.Equal([], components.Except(used!));
    }

    [Fact]
    public void Every_schema_is_well_formed_and_its_example_fits()
    {
        var schemas = TheDocument.Walk(Root).Where(item => item.Path.EndsWith("/schema", StringComparison.Ordinal))
            .Concat(Root.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(item => (Path: item.Name, item.Value)))
            .ToList();

        Assert.True(schemas.Count > 50);
        Assert.Empty(schemas.SelectMany(schema => TheDocument.Schemas.FaultsOf(schema.Value).Select(fault => $"{schema.Path}: {fault}")));
    }

    [Fact]
    public void Every_operation_has_a_name_of_its_own_and_the_parameters_of_its_path()
    {
        var names = TheDocument.Operations.Select(item => item.Operation.GetProperty("operationId").GetString()).ToList();
        Assert.Equal(names.Distinct(), names);

        foreach (var (method, path, operation) in TheDocument.Operations)
        {
            Assert.True(TheDocument.IsMethod(method), method);
            var inPath = Parameters(operation).Where(parameter => parameter.GetProperty("in").GetString() == "path").Select(parameter => parameter.GetProperty("name").GetString());
            Assert.Equal(PathParameter().Matches(path).Select(match => match.Groups[1].Value), inPath);
        }
    }

    [Fact]
    public void Every_answer_has_a_description_and_operations_are_in_known_tags()
    {
        var tags = Root.GetProperty("tags").EnumerateArray().Select(tag => tag.GetProperty("name").GetString()).ToHashSet();
        foreach (var (_, path, operation) in TheDocument.Operations)
        {
            Assert.All(operation.GetProperty("tags").EnumerateArray(), tag => Assert.Contains(tag.GetString(), tags));
            Assert.All(operation.GetProperty("responses").EnumerateObject(), response => Assert.True(response.Value.TryGetProperty("description", out _), path));
            Assert.Contains(operation.GetProperty("responses").EnumerateObject(), response => response.Name[0] is '2' or '3');
        }
    }

    [Fact]
    public void The_problems_described_are_those_that_the_code_answers_with()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(SourceRoot.Path, "src", "MailPlugin"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith("ProblemCatalog.cs", StringComparison.Ordinal) && !OutputFolder().IsMatch(file))
            .Select(File.ReadAllText).ToList();
        var answered = ProblemCatalog.Types.Select(type => type.Slug).Where(slug => sources.Any(source => source.Contains($"\"{slug}\"", StringComparison.Ordinal)));

        Assert.Equal(answered.Order(StringComparer.Ordinal), TheDocument.Slugs(Root).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Two_fragments_may_not_define_the_same()
    {
        var fragment = JsonNode.Parse("""{ "paths": { "/x": { "get": { "operationId": "x" } } } }""")!.AsObject();

        Assert.Throws<InvalidOperationException>(() => OpenApiDocument.Build([fragment, fragment]));
    }

    [Fact]
    public void The_document_says_where_it_is_mounted_and_which_version_it_is()
    {
        using var document = JsonDocument.Parse(GetOpenApi.Write("/host/post"));

        Assert.Equal("3.1.0", document.RootElement.GetProperty("openapi").GetString());
        Assert.Equal("/host/post", document.RootElement.GetProperty("servers")[0].GetProperty("url").GetString());
        Assert.Equal(ProductVersion.Text, document.RootElement.GetProperty("info").GetProperty("version").GetString());
    }

    static string ScopeOf(JsonElement operation)
    {
        var schemes = operation.GetProperty("security").EnumerateArray().SelectMany(scheme => scheme.EnumerateObject()).ToList();
        if (schemes.Count == 0)
        {
            return "open";
        }

        Assert.Equal(["bearer", "signIn"], schemes.Select(scheme => scheme.Name));
        return string.Join(',', schemes.SelectMany(scheme => scheme.Value.EnumerateArray()).Select(role => role.GetString()).Distinct()) is { Length: > 0 } role ? role : "any";
    }

    static IEnumerable<JsonElement> Parameters(JsonElement operation) => operation.TryGetProperty("parameters", out var parameters)
        ? parameters.EnumerateArray().Select(parameter => parameter.TryGetProperty("$ref", out var reference) ? TheDocument.Schemas.Resolve(reference.GetString()!)!.Value : parameter)
        : [];

    [GeneratedRegex(@"\{([^}]+)\}")]
    private static partial Regex PathParameter();

    [GeneratedRegex(@"[/\\](bin|obj)[/\\]")]
    private static partial Regex OutputFolder();
}
