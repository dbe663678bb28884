namespace MailPlugin.Tests.Architecture;

/// <summary>The check, held against small sources that break the rule, and against some that only look as if they did.</summary>
public sealed class DependencyCheckTests
{
    static readonly SourceFile Store = SourceFile.At(
        "src/MailPlugin/Storage/Sqlite/Store.cs", "namespace MailPlugin.Storage.Sqlite; internal sealed class Store { public static int Count; }");

    static readonly SourceFile Settings = SourceFile.At(
        "src/MailPlugin/Settings/MailSettings.cs", "namespace MailPlugin.Settings; internal sealed record MailSettings(int Version);");

    [Theory]
    [InlineData("using MailPlugin.Storage.Sqlite; namespace MailPlugin.Queue; class Breach;")]
    [InlineData("using static MailPlugin.Storage.Sqlite.Store; namespace MailPlugin.Queue; class Breach;")]
    [InlineData("using S = global::MailPlugin.Storage.Sqlite.Store; namespace MailPlugin.Queue; class Breach;")]
    [InlineData("global using MailPlugin.Storage.Sqlite; namespace MailPlugin.Queue; class Breach;")]
    [InlineData("namespace MailPlugin.Queue; using Storage.Sqlite; class Breach;")]
    [InlineData("namespace MailPlugin.Queue; class Breach { MailPlugin.Storage.Sqlite.Store store; }")]
    [InlineData("namespace MailPlugin.Queue; class Breach { global::MailPlugin . Storage\n . Sqlite.Store store; }")]
    [InlineData("namespace MailPlugin.Queue; class Breach { int x = Storage.Sqlite.Store.Count; }")]
    [InlineData("namespace MailPlugin.Queue { class Breach { Func<Storage.Sqlite.Store> make; } }")]
    [InlineData("namespace MailPlugin.Queue; class Breach { string x = $\"{1} {{no}} {Storage.Sqlite.Store.Count} \"; }")]
    [InlineData("namespace MailPlugin.Queue; class Breach { string x = $$\"\"\"{no} {{Storage.Sqlite.Store.Count}}\"\"\"; }")]
    public void A_reference_is_seen_in_every_form(string source) =>
        Assert.Equal(["src/MailPlugin/Queue/Breach.cs: Queue may not use Storage.Sqlite"], Check(At("Queue/Breach.cs", source)));

    [Theory]
    [InlineData("namespace MailPlugin.Queue; // MailPlugin.Storage.Sqlite.Store\nclass Fine;")]
    [InlineData("namespace MailPlugin.Queue; /* using MailPlugin.Storage; */ class Fine;")]
    [InlineData("namespace MailPlugin.Queue; class Fine { string x = \"MailPlugin.Storage.Sqlite.Store \\\" Storage.Sqlite.Store\"; char y = '\"'; }")]
    [InlineData("namespace MailPlugin.Queue; class Fine { string x = @\"\\\" + \"MailPlugin.Storage.Sqlite.Store\"; }")]
    [InlineData("namespace MailPlugin.Queue; class Fine { string x = \"\"\"\" \"\"\" MailPlugin.Storage.Sqlite.Store \"\"\"\"; }")]
    [InlineData("namespace MailPlugin.Queue; class Fine { string x = $\"{{Storage.Sqlite.Store.Count}}\"; }")]
    [InlineData("namespace MailPlugin.Queue; class Fine { int Storage; int x => Storage.CompareTo(1) + this.Storage.Sqlite.Store.Count; }")]
    [InlineData("namespace MailPlugin.Queue; class Fine { int x => Settings.Version; Own Settings; }")]
    [InlineData("using System.Text; using MailPlugin.Abstractions; using MailPlugin.Queue; namespace MailPlugin.Queue; class Fine { MailPlugin.Abstractions.MailAddress from; }")]
    public void What_is_no_reference_is_let_be(string source) => Assert.Equal([], Check(At("Queue/Fine.cs", source)));

    [Theory]
    [InlineData("Settings", "Templates")]
    [InlineData("Templates", "Settings")]
    [InlineData("Delivery", "Templates")]
    [InlineData("Delivery", "Submission")]
    [InlineData("Queue", "Settings")]
    [InlineData("Queue", "Http")]
    [InlineData("Transports", "Queue")]
    [InlineData("Messages", "Diagnostics")]
    [InlineData("Submission", "Delivery")]
    [InlineData("Security", "Settings")]
    [InlineData("Http", "Settings")]
    [InlineData("Http", "Security")]
    public void The_table_says_who_may_use_whom(string slice, string other) =>
        Assert.Equal(
            [$"src/MailPlugin/{slice}/Breach.cs: {slice} may not use {other}"],
            Check(At($"{slice}/Breach.cs", $"using MailPlugin.{other}; namespace MailPlugin.{slice}; class Breach;")));

    [Fact]
    public void Storage_is_imported_by_the_composition_root_alone()
    {
        var slices = DependencyRule.Allowed.Keys.Where(row => row is not ("Storage" or "Root") && !row.Contains('.', StringComparison.Ordinal)).ToList();
        var files = slices.Select(slice => SourceFile.At(
            slice is "Host" or "Smtp" or "Abstractions" ? $"src/MailPlugin.{slice}/Breach.cs" : $"src/MailPlugin/{slice}/Breach.cs",
            $"namespace MailPlugin.{slice}; class Breach {{ MailPlugin.Storage.Sqlite.Store store; }}"));

        Assert.Equal(slices.Count, Check([.. files]).Count);
        Assert.Equal([], Check(At("MailPluginEntry.cs", "using MailPlugin.Storage.Sqlite; namespace MailPlugin; class MailPluginEntry;")));
        Assert.Equal([], Check(At("Hosting/PluginServices.cs", "using MailPlugin.Storage.Sqlite; namespace MailPlugin.Hosting; class PluginServices;")));
    }

    [Fact]
    public void Part_of_another_project_may_be_all_that_is_allowed()
    {
        Assert.Equal([], Check(At("Submission/Fine.cs", "using MailPlugin.Smtp.Mime; namespace MailPlugin.Submission; class Fine;")));
        Assert.Equal(
            ["src/MailPlugin/Submission/Breach.cs: Submission may not use Smtp"],
            Check(At("Submission/Breach.cs", "using MailPlugin.Smtp; namespace MailPlugin.Submission; class Breach;")));
        Assert.Equal([], Check(At("Transports/Fine.cs", "using MailPlugin.Smtp; using MailPlugin.Smtp.Mime; namespace MailPlugin.Transports; class Fine;")));
    }

    [Fact]
    public void Other_projects_use_what_their_row_says()
    {
        Assert.Equal(
            [
                "src/MailPlugin.Abstractions/Events/Breach.cs: Abstractions may not use Smtp",
                "src/MailPlugin.Host/Breach.cs: Host may not use Settings",
                "src/MailPlugin.Smtp/Mime/Breach.cs: Smtp may not use Abstractions",
            ],
            Check(
                SourceFile.At("src/MailPlugin.Abstractions/Events/Breach.cs", "using MailPlugin.Smtp; namespace MailPlugin.Abstractions; class Breach;"),
                SourceFile.At("src/MailPlugin.Host/Breach.cs", "using MailPlugin.Abstractions; using MailPlugin.Settings;"),
                SourceFile.At("src/MailPlugin.Smtp/Mime/Breach.cs", "using MailPlugin.Abstractions; namespace MailPlugin.Smtp.Mime; class Breach;")));
    }

    [Fact]
    public void A_file_in_anothers_namespace_cannot_hide_there() =>
        Assert.Equal(
            ["src/MailPlugin/Queue/Breach.cs: is in namespace MailPlugin.Storage, which is not its folder's"],
            Check(At("Queue/Breach.cs", "namespace MailPlugin.Storage; class Breach;")));

    [Fact]
    public void A_folder_that_the_table_does_not_know_is_a_breach() =>
        Assert.Equal(
            ["src/MailPlugin/Helpers/Breach.cs: Helpers is no row of the dependency rule"],
            Check(At("Helpers/Breach.cs", "namespace MailPlugin.Helpers; class Breach;")));

    [Theory]
    [InlineData("Dapper", "src/MailPlugin/Storage/")]
    [InlineData("Microsoft.Data.Sqlite", "src/MailPlugin/Storage/")]
    [InlineData("Npgsql", "src/MailPlugin/Storage/")]
    [InlineData("HandlebarsDotNet", "src/MailPlugin/Templates/")]
    public void A_library_has_one_seam(string library, string place) =>
        Assert.Equal(
            [
                $"src/MailPlugin/Hosting/Full.cs: mentions {library}, whose place is {place}",
                $"src/MailPlugin/Messages/Breach.cs: mentions {library}, whose place is {place}",
            ],
            Check(
                At("Messages/Breach.cs", $"using {library}; namespace MailPlugin.Messages; class Breach;"),
                At("Hosting/Full.cs", $"namespace MailPlugin.Hosting; class Full {{ global::{library}.Thing thing; }}"),
                At("Queue/Fine.cs", $"namespace MailPlugin.Queue; class Fine {{ string x = \"{library}\"; }}")));

    [Fact]
    public void One_file_knows_Handlebars() =>
        Assert.Equal(
            ["src/MailPlugin/Templates/A.cs, src/MailPlugin/Templates/B.cs: HandlebarsDotNet is mentioned in 2 files, and 1 is allowed"],
            Check(
                At("Templates/A.cs", "using HandlebarsDotNet; namespace MailPlugin.Templates; class A;"),
                At("Templates/B.cs", "using HandlebarsDotNet.Compiler; namespace MailPlugin.Templates; class B;")));

    [Fact]
    public void The_queue_imports_no_library_at_all() =>
        Assert.Equal(
            ["src/MailPlugin/Queue/Breach.cs: imports Microsoft.Extensions.Logging, and nothing but the base class library is allowed here"],
            Check(At("Queue/Breach.cs", "using System.Threading.Channels; using Microsoft.Extensions.Logging; namespace MailPlugin.Queue; class Breach { void M() { using var x = Dispose.Me(); } }")));

    static SourceFile At(string path, string source) => SourceFile.At($"src/MailPlugin/{path}", source);

    static IReadOnlyList<string> Check(params SourceFile[] files) => DependencyCheck.FindBreaches([Store, Settings, .. files]);
}
