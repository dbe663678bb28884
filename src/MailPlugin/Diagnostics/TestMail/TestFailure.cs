using System.Text.Json.Nodes;
using MailPlugin.Diagnostics.Causes;
using MailPlugin.Diagnostics.Fixes;
using MailPlugin.Diagnostics.Transcripts;
using MailPlugin.Http;
using MailPlugin.Http.Binding;
using MailPlugin.Smtp;
using MailPlugin.Transports;

namespace MailPlugin.Diagnostics.TestMail;

/// <summary>What a failed test says beyond the problem's standard members.</summary>
internal static class TestFailure
{
    public static void Write(JsonObject json, TestRequest request, TestResult result, Cause cause, FoundFix? found, Language language)
    {
        var decided = result.Outcome.Recipients.FirstOrDefault(recipient => recipient.Verdict != RecipientVerdict.Accepted);
        var reply = result.Outcome.Fault?.Reply ?? decided?.Reply ?? result.Outcome.FinalReply;
        json["ok"] = false;
        json["transport"] = request.Transport.Id;
        json["stage"] = EnumText.Of(result.Outcome.Fault?.Stage ?? decided?.Stage ?? TransportStage.Content);
        json["reply"] = reply?.ToString();
        json["cause"] = new JsonObject { ["id"] = cause.Id, ["text"] = cause.Text.In(language), ["who"] = EnumText.Of(cause.Who), ["link"] = cause.Known?.Link };
        json["advice"] = new JsonArray([.. FixAdvice.Of(cause, found).Select(advice => JsonValue.Create(advice.In(language)))]);
        json["fix"] = found?.Fix is { } fix ? new JsonObject { ["path"] = fix.Path, ["value"] = fix.Value.DeepClone() } : null;

        // Also one that only the fix has met: nobody trusts what they have not seen.
        json["certificate"] = result.Outcome.Fault?.Certificate is { } refused ? Certificate(refused) : found?.Trusts?.Certificate is { } met ? Certificate(Of(met)) : null;
        if (result.Outcome.Program is { } program)
        {
            json["exitCode"] = program.ExitCode;
            json["stderr"] = program.Stderr;
        }

        json["id"] = result.Id;
        json["messageId"] = result.MessageId;
        json["durationMs"] = (long)result.Duration.TotalMilliseconds;
        json["transcriptId"] = result.TranscriptId;
        json["transcript"] = new JsonArray([.. result.Transcript.Select(Line)]);
    }

    static JsonObject Line(TranscriptLine line) => new()
    {
        ["at"] = TimeText.Of(line.At),
        ["elapsedMs"] = line.ElapsedMs,
        ["from"] = EnumText.Of(line.From),
        ["text"] = line.Text,
        ["tls"] = line.Tls,
    };

    static RefusedCertificate Of(SmtpCertificate met) => new(
        met.Subject, met.Names, met.Issuer, met.NotBefore, met.NotAfter, met.Sha256, Enum.TryParse<RefusedCertificateProblem>(met.Problem?.ToString(), out var problem) ? problem : RefusedCertificateProblem.Other);

    static JsonObject Certificate(RefusedCertificate certificate) => new()
    {
        ["subject"] = certificate.Subject,
        ["names"] = new JsonArray([.. certificate.Names.Select(name => JsonValue.Create(name))]),
        ["issuer"] = certificate.Issuer,
        ["notBefore"] = TimeText.Of(certificate.NotBefore),
        ["notAfter"] = TimeText.Of(certificate.NotAfter),
        ["sha256"] = certificate.Sha256,
        ["problem"] = EnumText.Of(certificate.Problem),
    };
}
