using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using System.Xml.Linq;

namespace MailPlugin.Tests.Architecture;

/// <summary>The rule holds for this repository. That the check itself sees breaches is shown by <see cref="DependencyCheckTests"/>.</summary>
public sealed class DependencyRuleTests
{
    static readonly string Root = FindRoot();

    [Fact]
    public void No_source_breaks_the_dependency_rule()
    {
        var files = Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Select(file => SourceFile.Read(Root, file))
            .Where(file => !file.Path.Contains("/obj/", StringComparison.Ordinal) && !file.Path.Contains("/bin/", StringComparison.Ordinal))
            .ToList();

        Assert.Contains(files, file => file.Path == "src/MailPlugin/MailPluginEntry.cs");
        var breaches = DependencyCheck.FindBreaches(files);
        Assert.True(breaches.Count == 0, string.Join("\n", breaches));
    }

    [Theory]
    [InlineData("MailPlugin.Abstractions", "Microsoft.NETCore.App", "Microsoft.AspNetCore.App")]
    [InlineData("MailPlugin.Smtp", "Microsoft.NETCore.App")]
    public void An_assembly_that_may_reference_nothing_references_the_framework_alone(string assembly, params string[] frameworks)
    {
        var runtime = new DirectoryInfo(Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory()));
        var known = frameworks.SelectMany(framework => Directory.EnumerateFiles(Path.Combine(runtime.Parent!.Parent!.FullName, framework, runtime.Name), "*.dll"))
            .Select(Path.GetFileNameWithoutExtension);

        Assert.Equal([], References(Path.Combine(AppContext.BaseDirectory, assembly + ".dll")).Except(known));
    }

    [Fact]
    public void The_host_is_built_with_the_contract_alone()
    {
        var project = XDocument.Load(Path.Combine(Root, "src", "MailPlugin.Host", "MailPlugin.Host.csproj"));
        var references = project.Descendants("ProjectReference")
            .Where(reference => (string?)reference.Attribute("ReferenceOutputAssembly") != "false")
            .Select(reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!));

        Assert.Equal(["MailPlugin.Abstractions"], references);
        Assert.Empty(project.Descendants("PackageReference"));
    }

    [Theory]
    [InlineData("MailPlugin.Abstractions")]
    [InlineData("MailPlugin.Smtp")]
    public void A_project_that_may_reference_nothing_names_nothing(string name)
    {
        var project = XDocument.Load(Path.Combine(Root, "src", name, name + ".csproj"));

        Assert.Empty(project.Descendants("ProjectReference"));
        Assert.Empty(project.Descendants("PackageReference"));
    }

    static List<string> References(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var metadata = file.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MailPlugin.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("MailPlugin.sln is in no folder above the tests.");
    }
}
