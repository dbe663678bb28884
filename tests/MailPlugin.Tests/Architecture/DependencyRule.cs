namespace MailPlugin.Tests.Architecture;

/// <summary>
/// Who may use whom, as data. A row is a folder of <c>src/MailPlugin</c> or another project of <c>src</c>; the longest row that fits a
/// file holds for it. What a row does not name is forbidden, and a folder without a row is a fault.
/// </summary>
internal static class DependencyRule
{
    const string Abstractions = "Abstractions";

    // What requests, answers, options and callers are made of.
    static readonly string[] Edge = ["Http", "Options", "Security", "Nodes", Abstractions];

    /// <summary>Row -> what its files may use. A name covers what is below it: <c>Smtp</c> covers <c>Smtp.Mime</c>.</summary>
    public static IReadOnlyDictionary<string, string[]> Allowed { get; } = new Dictionary<string, string[]>
    {
        // Other projects.
        [Abstractions] = [],
        ["Smtp"] = [],
        ["Host"] = [Abstractions],

        // The edge. The pipeline alone knows both sides: it puts authentication in front of the routes.
        ["Options"] = [Abstractions],
        ["Nodes"] = [],
        ["Http"] = ["Options", Abstractions],
        ["Http.Pipeline"] = ["Options", "Security"],
        ["Http.OpenApi"] = ["Security"],
        ["Security"] = ["Http", "Options", "Nodes", Abstractions, "Smtp.Mime"],

        // The slices. Settings and Templates know neither each other nor a database; Queue knows nothing but the contract.
        ["Settings"] = [.. Edge, "Smtp.Mime"],
        ["Templates"] = [.. Edge, "Smtp.Mime"],
        ["Transports"] = [.. Edge, "Settings", "Smtp"],
        ["Queue"] = [Abstractions],
        ["Submission"] = [.. Edge, "Queue", "Templates", "Settings", "Smtp.Mime"],
        ["Delivery"] = [.. Edge, "Queue", "Transports", "Settings"],
        ["OAuth"] = [.. Edge, "Settings", "Transports", "Delivery"],

        // Whoever reads about a message wants to know what its replies mean, and spells addresses as envelopes do.
        ["Messages"] = [.. Edge, "Queue", "Diagnostics.Knowledge", "Smtp.Mime"],

        ["Diagnostics"] = [.. Edge, "Settings", "Transports", "Queue", "Delivery", "Smtp"],

        // Health is asked whether mail is leaving and whether more can be taken.
        ["Diagnostics.Health"] = [.. Edge, "Settings", "Transports", "Queue", "Delivery", "Submission"],

        // A test mail is a template, and a delivery of one, judged by the same policy.
        ["Diagnostics.TestMail"] = [.. Edge, "Settings", "Templates", "Transports", "Queue", "Smtp", "Delivery"],

        // Implements the store interfaces that the slices declare.
        ["Storage"] = ["Options", "Nodes", Abstractions, "Security", "Settings", "Templates", "Transports", "Queue", "Submission", "Delivery", "Messages", "Diagnostics", "OAuth"],

        // Types of the root namespace that every slice sees without a using: they may themselves use nothing.
        ["Root"] = [],
    };

    /// <summary>The composition root: it names every slice, and it alone imports Storage.</summary>
    public static IReadOnlyList<string> CompositionRoot { get; } = ["src/MailPlugin/MailPluginEntry.cs", "src/MailPlugin/Hosting/"];

    /// <summary>Library -> the folder that may mention it, and in how many of its files.</summary>
    public static IReadOnlyDictionary<string, (string Folder, int Files)> Seams { get; } = new Dictionary<string, (string, int)>
    {
        ["Dapper"] = ("src/MailPlugin/Storage/", int.MaxValue),
        ["Microsoft.Data.Sqlite"] = ("src/MailPlugin/Storage/", int.MaxValue),
        ["SQLitePCL"] = ("src/MailPlugin/Storage/", int.MaxValue),
        ["Npgsql"] = ("src/MailPlugin/Storage/", int.MaxValue),
        ["HandlebarsDotNet"] = ("src/MailPlugin/Templates/", 1),
        ["Serilog"] = ("src/MailPlugin/Diagnostics/", int.MaxValue),
    };

    /// <summary>Folders in which nothing but the base class library and the allowed slices is imported.</summary>
    public static IReadOnlyList<string> BaseClassLibraryOnly { get; } = ["src/MailPlugin/Queue/", "src/MailPlugin.Smtp/"];

    /// <summary>Folders whose files are in a namespace that is not theirs, on purpose.</summary>
    public static IReadOnlyDictionary<string, string> ForeignNamespaces { get; } = new Dictionary<string, string>
    {
        // Declares Carter's contract until Carter's package does.
        ["src/MailPlugin/Http/Carter/"] = "Carter",
    };
}
