using System.Text;
using System.Text.Json.Nodes;
using MailPlugin.Http;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Settings.Transfer;

/// <summary><c>POST /settings/import</c>: makes a draft of a pasted text. Saves nothing.</summary>
internal static class ImportSettings
{
    const int MaxBytes = 256 * 1024;

    /// <summary>JSON may write every letter of the text as six.</summary>
    const int MaxBody = (6 * MaxBytes) + 4096;

    public static async Task<IResult> HandleAsync(HttpContext context, ISettingsSource settings)
    {
        var (body, problem) = await RequestBody.ReadAsync(context, MaxBody);
        using var _ = body;
        if (body is null)
        {
            return problem!;
        }

        var faults = new Faults();
        var reader = new JsonObjectReader(body.Root, "", faults);
        var wanted = reader.Choice("format", ImportFormat.Auto);
        var text = reader.Text("text", MaxBody);
        if (string.IsNullOrWhiteSpace(text) && !reader.HasFault("text"))
        {
            reader.Fault("text", "must be what is to be imported");
        }

        reader.Complete();
        if (faults.Any)
        {
            return Problem.Invalid("invalid-request", faults);
        }

        if (Encoding.UTF8.GetByteCount(text!) > MaxBytes)
        {
            return Problem.TooLarge(MaxBytes);
        }

        var report = new ImportReport();
        var (format, imported) = ImportReading.Read(wanted, text!, report);
        var draft = ImportDraft.Of(imported, settings.Current, report);
        return Answer(context, format, draft, report);
    }

    static IResult Answer(HttpContext context, ImportFormat format, JsonObject draft, ImportReport report)
    {
        var language = RequestLanguage.Of(context);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(
            new JsonObject
            {
                ["format"] = format == ImportFormat.Auto ? null : EnumText.Of(format),
                ["settings"] = draft,
                ["recognised"] = new JsonArray([.. report.Recognised.Select(name => JsonValue.Create(name))]),
                ["ignored"] = new JsonArray([.. report.Ignored.Select(ignored => new JsonObject { ["name"] = ignored.Name, ["why"] = ignored.Why.In(language) })]),
                ["warnings"] = new JsonArray([.. report.Warnings.Select(warning => JsonValue.Create(warning.In(language)))]),
            },
            SettingsDocument.Json);
    }
}
