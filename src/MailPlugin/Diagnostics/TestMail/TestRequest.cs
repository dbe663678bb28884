using System.Security.Claims;
using System.Text.Json;
using MailPlugin.Abstractions;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Options;
using MailPlugin.Settings;
using MailPlugin.Templates;

namespace MailPlugin.Diagnostics.TestMail;

/// <summary>A test as it will be sent: one transport, one recipient, one author.</summary>
internal sealed record TestRequest(MailSettings Settings, TransportSettings Transport, string To, MailAddress From)
{
    /// <summary>Null: the settings'.</summary>
    public MailAddress? ReplyTo { get; init; }

    /// <summary>Binds and validates: the request, or the problem that answers it.</summary>
    public static (TestRequest? Request, ProblemResult? Problem) Read(JsonElement root, MailSettings saved, ClaimsPrincipal caller, OutboundOptions outbound)
    {
        var (target, problem) = TestTarget.Read(root, saved, caller, outbound);
        return target is null ? (null, problem) : Of(target, null);
    }

    /// <summary>A test of a template, with the settings in force.</summary>
    public static (TestRequest? Request, ProblemResult? Problem) Of(TestWish wish, TemplateOptions? template, MailSettings saved, ClaimsPrincipal caller, OutboundOptions outbound)
    {
        var own = template?.Transport is { } id && saved.Transport(id) is not null ? id : null;
        var (target, problem) = TestTarget.Choose(saved, isDraft: false, wish with { Transport = wish.Transport ?? own }, saved, caller, outbound);
        return target is null ? (null, problem) : Of(target, template);
    }

    static (TestRequest?, ProblemResult?) Of(TestTarget target, TemplateOptions? template)
    {
        if (target.To is not { } to)
        {
            return (null, Problem.Of("no-recipient"));
        }

        if ((template?.From ?? target.From) is not { } from)
        {
            var faults = new Faults();
            faults.Add("from", "must be set: the test mail needs an author");
            return (null, Problem.Invalid("invalid-settings", faults));
        }

        return (new(target.Settings, target.Transport, to, from) { ReplyTo = template?.ReplyTo }, null);
    }
}
