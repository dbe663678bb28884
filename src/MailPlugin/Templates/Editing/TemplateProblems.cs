using System.Text.Json.Nodes;
using MailPlugin.Http;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Templates.Catalog;
using MailPlugin.Templates.Layouts;
using MailPlugin.Templates.Rendering;
using MailPlugin.Templates.Scanning;

namespace MailPlugin.Templates.Editing;

/// <summary>Answers for what goes wrong with templates.</summary>
internal static class TemplateProblems
{
    static readonly LocalizedText TooSlow = new("With this model the template takes longer than 2 seconds.", "使用此数据时，模板的生成时间超过 2 秒。");
    static readonly LocalizedText TooLarge = new("With this model the mail becomes larger than 2 MB.", "使用此数据时，生成的邮件超过 2 MB。");
    static readonly LocalizedText Broken = new("The template cannot be rendered.", "无法生成此模板。");

    public static ProblemResult UnknownLocale() => Request("locale", LocaleTag.Rule);

    public static ProblemResult InvalidName() => Request("name", TemplateName.Rule + ", and must not be layout");

    public static ProblemResult TooLargePart() => Problem.TooLarge(TemplateText.MaxBytes);

    /// <summary>Line, column and sentence of the first fault, and all of them by part.</summary>
    public static ProblemResult Invalid(IReadOnlyList<TemplateFault> faults, string prefix = "")
    {
        var first = faults[0];
        return Problem.Of("invalid-template", first.Message) with
        {
            Errors = faults.GroupBy(fault => prefix + fault.Part).ToDictionary(group => group.Key, group => group.Select(Sentence).Distinct().ToArray()),
            Extend = (json, language) => Place(json, first.Part, first.Line, first.Column, first.Message.In(language)),
        };
    }

    /// <summary>Fields that are missing or of the wrong type: there is no place to point at.</summary>
    public static ProblemResult Invalid(Faults faults)
    {
        var problem = Problem.Invalid("invalid-template", faults);
        return problem with { Extend = (json, language) => Place(json, null, null, null, problem.Detail!.Value.In(language)) };
    }

    public static ProblemResult Failed(RenderFailure failure)
    {
        var message = failure switch
        {
            RenderFailure.TooSlow => TooSlow,
            RenderFailure.TooLarge => TooLarge,
            _ => Broken,
        };
        return Problem.Of("invalid-template", message) with { Extend = (json, language) => Place(json, null, null, null, message.In(language)) };
    }

    public static ProblemResult Locked(string origin) => Problem.Of("locked-setting", new($"It comes from {origin}.", $"来源：{origin}。"));

    public static ProblemResult Stale(NamedTemplate? template, TemplateVariant? variant) => Problem.Of("stale-version") with
    {
        Extend = (json, language) => json["current"] = template is null || variant is null ? null : TemplateAnswer.Body(template, variant, language),
    };

    public static ProblemResult StaleLayout(LayoutInForce layout) => Problem.Of("stale-version") with { Extend = (json, _) => json["current"] = LayoutAnswer.Body(layout) };

    static void Place(JsonObject json, string? part, int? line, int? column, string message)
    {
        json["part"] = part;
        json["line"] = line;
        json["column"] = column;
        json["message"] = message;
    }

    static string Sentence(TemplateFault fault) => $"line {fault.Line}, column {fault.Column}: {fault.Message.English}";

    static ProblemResult Request(string path, string rule)
    {
        var faults = new Faults();
        faults.Add(path, rule);
        return Problem.Invalid("invalid-request", faults);
    }
}
