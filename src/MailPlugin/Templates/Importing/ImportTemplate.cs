using System.Text;
using System.Text.Json.Nodes;
using MailPlugin.Http;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Templates.Importing;

/// <summary><c>POST /templates/import</c>: a draft of somebody else's template, with what was left. Saves nothing.</summary>
internal static class ImportTemplate
{
    const int MaxText = 256 * 1024;

    public static async Task<IResult> HandleAsync(HttpContext context)
    {
        var (body, unreadable) = await RequestBody.ReadAsync(context, 6 * MaxText);
        using var _ = body;
        if (body is null)
        {
            return unreadable!;
        }

        var faults = new Faults();
        var json = new JsonObjectReader(body.Root, "", faults);
        json.Choice("format", ImportFormat.Auto);
        var text = json.Text("text", int.MaxValue);
        json.Complete();
        if (string.IsNullOrWhiteSpace(text) && !json.HasFault("text"))
        {
            json.Fault("text", "must be given");
        }

        if (faults.Any)
        {
            return Problem.Invalid("invalid-request", faults);
        }

        return Encoding.UTF8.GetByteCount(text!) > MaxText ? Problem.TooLarge(MaxText) : Results.Ok(Answer(text!, RequestLanguage.Of(context)));
    }

    static JsonObject Answer(string text, Language language)
    {
        var (draft, report) = OwnCloudImport.Read(text);
        return new()
        {
            ["draft"] = TemplateTextDocument.Write(draft),
            ["recognised"] = new JsonArray([.. report.Recognised.Select(name => JsonValue.Create(name))]),
            ["ignored"] = new JsonArray([.. report.Ignored.Select(entry => new JsonObject { ["name"] = entry.Name, ["why"] = entry.Why.In(language) })]),
            ["warnings"] = new JsonArray([.. report.Warnings.Select(warning => JsonValue.Create(warning.In(language)))]),
        };
    }

    /// <summary>There is one; what it is given says the rest.</summary>
    enum ImportFormat
    {
        Auto,
        Owncloud,
    }
}
