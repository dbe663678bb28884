using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MailPlugin.Http;
using MailPlugin.Http.Binding;

namespace MailPlugin.Diagnostics.Doctor;

/// <summary>Diagnoses as the API tells them, in the reader's language.</summary>
internal static class DiagnosisJson
{
    public static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonObject Whole(Diagnosis diagnosis, bool isRunning, Language language) => new()
    {
        ["id"] = diagnosis.Id,
        ["at"] = TimeText.Of(diagnosis.At),
        ["transport"] = diagnosis.Transport,
        ["draft"] = diagnosis.IsDraft,
        ["state"] = diagnosis.Verdict is not null ? "done" : isRunning ? "running" : "brokenOff",
        ["steps"] = new JsonArray([.. diagnosis.Steps.Select(step => Of(step, language))]),
        ["verdict"] = diagnosis.Verdict is { } verdict ? Of(verdict, language) : null,
    };

    public static JsonObject Of(DiagnosisStep step, Language language)
    {
        var json = new JsonObject
        {
            ["step"] = step.Step,
            ["target"] = step.Target,
            ["outcome"] = EnumText.Of(step.Outcome),
            ["durationMs"] = step.DurationMs,
            ["detail"] = step.Detail.In(language),
            ["data"] = step.Data?.DeepClone(),
        };
        if (step.Step == StepName.Start)
        {
            // Whoever leaves early still knows where to look.
            json["id"] = step.Data?["id"]?.DeepClone();
        }

        return json;
    }

    public static JsonObject Of(Verdict verdict, Language language) => new()
    {
        ["step"] = StepName.Verdict,
        ["outcome"] = EnumText.Of(verdict.Outcome),
        ["cause"] = new JsonObject { ["id"] = verdict.Cause, ["text"] = verdict.Text.In(language), ["who"] = EnumText.Of(verdict.Who), ["link"] = verdict.Link },
        ["confidence"] = EnumText.Of(verdict.Confidence),
        ["durationMs"] = verdict.DurationMs,
        ["stage"] = verdict.Stage,
        ["reply"] = verdict.Reply,
        ["advice"] = new JsonArray([.. verdict.Advice.Select(advice => JsonValue.Create(advice.In(language)))]),
        ["fix"] = verdict.Fix is { } fix ? new JsonObject { ["path"] = fix.Path, ["value"] = fix.Value.DeepClone() } : null,
        ["certificate"] = verdict.Certificate?.DeepClone(),
        ["commands"] = new JsonArray([.. verdict.Commands.Select(command => JsonValue.Create(command))]),
        ["transcriptId"] = verdict.TranscriptId,
    };
}
