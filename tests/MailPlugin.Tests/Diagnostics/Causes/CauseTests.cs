using System.Reflection;
using MailPlugin.Diagnostics.Causes;
using MailPlugin.Diagnostics.Doctor;
using MailPlugin.Diagnostics.Knowledge;
using MailPlugin.Diagnostics.TestMail;
using MailPlugin.Http.Problems;
using MailPlugin.Settings;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Transports;

namespace MailPlugin.Tests.Diagnostics.Causes;

public sealed class CauseTests
{
    static readonly OutgoingMessage Message = new("a@example.com", ["b@example.org"], default, default);
    static readonly TransportSettings Primary = Bodies.Stored(Bodies.Smtp()).Transports[0];

    [Fact]
    public void W9_15_Who_cannot_be_reached_from_here_is_told_that_another_computer_proves_nothing()
    {
        foreach (var cause in new[] { CauseCatalog.Unreachable("relay.example"), CauseCatalog.ConnectTimeout("relay.example", 587) })
        {
            Assert.Contains(cause.Advice, advice => advice.English.Contains("own computer proves nothing", StringComparison.Ordinal) && advice.Chinese.Contains("本主机", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_fault_at_every_stage_has_a_cause_with_advice_and_a_slug_of_the_closed_list()
    {
        foreach (var kind in Enum.GetValues<TransportFaultKind>())
        {
            foreach (var stage in Enum.GetValues<TransportStage>())
            {
                foreach (var reply in new TransportReply?[] { null, new(421, null, "later"), new(550, "5.7.1", "5.7.1 no"), new(0, null, "exit 1") })
                {
                    var outcome = Failed(new TransportFault(stage, kind, "detail") { Reply = reply });
                    var cause = CauseFinder.Of(Evidence.Of(outcome, Primary, new()));

                    Assert.NotEmpty(cause.Advice);
                    Assert.NotEqual(cause.Text.English, cause.Text.Chinese);
                    Assert.NotNull(ProblemCatalog.Find(FailureSlug.Of(outcome)));
                }
            }
        }
    }

    public static TheoryData<string> Ids => [.. CauseList.Ids.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_cause_of_the_list_has_what_makes_it_and_a_near_miss(string id)
    {
        if (CauseCases.Working.TryGetValue(id, out var reach))
        {
            Assert.Equal(id, OfWorking(reach.Makes));
            Assert.NotEqual(id, OfWorking(reach.Spares));
            return;
        }

        Assert.True(CauseCases.All.TryGetValue(id, out var found), $"{id} has no case");
        var makes = found!.Makes is { } made ? [made] : KnowledgeBase.Shipped.Entries.Where(entry => entry.Cause == id).SelectMany(entry => entry.Samples).Select(AsEvidence).ToList();

        Assert.NotEmpty(makes);
        Assert.All(makes, evidence => Assert.Equal(id, CauseFinder.Of(evidence).Id));
        Assert.NotEqual(id, CauseFinder.Of(found.Spares).Id);

        // A failure far away proves nothing.
        Assert.True(makes.Exists(make => IsNear(make, found.Spares)), $"what is to be spared from {id} has nothing in common with it");
    }

    [Fact]
    public void No_case_is_of_a_cause_that_is_not_listed() =>
        Assert.Empty(CauseCases.All.Keys.Concat(CauseCases.Working.Keys).Except(CauseList.Ids.Keys));

    [Fact]
    public void No_failure_comes_to_a_cause_of_what_works()
    {
        var causes = CauseCases.All.Values.SelectMany(found => new[] { found.Makes, found.Spares }).OfType<Evidence>().Select(evidence => CauseFinder.Of(evidence).Id);

        Assert.Empty(causes.Intersect(CauseCases.Working.Keys));
    }

    [Fact]
    public void What_is_not_known_is_never_said_with_confidence() =>
        Assert.Equal(Confidence.Low, CauseFinder.Of(CauseCases.All["unknown"].Makes!).Confidence);

    [Theory]
    [InlineData("NameNotResolved", "Resolve", "name-not-resolved", "relay-unreachable")]
    [InlineData("ConnectionRefused", "Connect", "connection-refused", "relay-unreachable")]
    [InlineData("Timeout", "Connect", "connect-timeout", "relay-unreachable")]
    [InlineData("Timeout", "Greeting", "greeting-timeout", "relay-timeout")]
    [InlineData("Timeout", "Mail", "reply-timeout", "relay-timeout")]
    [InlineData("TlsPortSpokenPlain", "Greeting", "tls-expected", "tls-failed")]
    [InlineData("PlainPortSpokenTls", "Tls", "plain-text-expected", "tls-failed")]
    [InlineData("StartTlsNotOffered", "StartTls", "starttls-not-offered", "tls-failed")]
    [InlineData("CertificateRejected", "Tls", "certificate-rejected", "tls-failed")]
    [InlineData("PlaintextAuthNotAllowed", "Auth", "plaintext-auth-not-allowed", "login-failed")]
    [InlineData("DestinationNotAllowed", "Connect", "destination-not-allowed", "destination-not-allowed")]
    [InlineData("ProtocolViolation", "Greeting", "not-smtp", "relay-unreachable")]
    [InlineData("ProgramFailed", "Program", "unknown", "program-failed")]
    public void A_fault_of_the_session_is_told_by_its_kind_and_stage(string kind, string stage, string cause, string slug)
    {
        var outcome = Failed(new(Enum.Parse<TransportStage>(stage), Enum.Parse<TransportFaultKind>(kind), "detail"));

        Assert.Equal(cause, CauseFinder.Of(Evidence.Of(outcome, Primary, new())).Id);
        Assert.Equal(slug, FailureSlug.Of(outcome));
    }

    [Theory]
    [InlineData("Mail", 550, null, "sender-refused")]
    [InlineData("Rcpt", 550, null, "recipient-refused")]
    [InlineData("Rcpt", 550, "5.1.1", "recipient-unknown")]
    [InlineData("Rcpt", 554, "5.7.1", "policy-refused")]
    [InlineData("Rcpt", 450, "4.2.0", "temporarily-refused")]
    [InlineData("Content", 554, "5.7.1", "content-refused")]
    [InlineData("Content", 552, "5.3.4", "too-large")]
    [InlineData("Mail", 552, "5.3.4", "too-large")]
    [InlineData("Mail", 550, "5.6.7", "smtputf8-not-offered")]
    [InlineData("Mail", 530, "5.7.0", "login-needed")]
    public void A_refusal_is_told_by_stage_and_reply(string stage, int code, string? status, string cause)
    {
        var outcome = new TransportOutcome(Message, [new("b@example.org", RecipientVerdict.Refused, Enum.Parse<TransportStage>(stage), new(code, status, "no"))]);

        Assert.Equal(cause, CauseFinder.Of(Evidence.Of(outcome, Primary, new())).Id);
        Assert.Equal("relay-refused", FailureSlug.Of(outcome));
    }

    [Fact]
    public void Uncertain_comes_before_everything_else()
    {
        var outcome = Failed(new(TransportStage.Content, TransportFaultKind.Timeout, "detail")) with
        {
            Recipients = [new("b@example.org", RecipientVerdict.Uncertain, TransportStage.Content, null)],
        };

        Assert.Equal("uncertain", CauseFinder.Of(Evidence.Of(outcome, Primary, new())).Id);
        Assert.Equal("relay-uncertain", FailureSlug.Of(outcome));
    }

    [Fact]
    public void Every_cause_of_the_catalog_has_an_id_of_its_own()
    {
        var causes = typeof(CauseCatalog).GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Where(method => method.ReturnType == typeof(Cause))
            .Select(method => (Cause)method.Invoke(null, [.. method.GetParameters().Select(parameter => parameter.ParameterType == typeof(int) ? 25 : parameter.ParameterType == typeof(bool) ? true : (object)"x")])!)
            .ToList();

        Assert.Equal(causes.Count, causes.Select(cause => cause.Id).Distinct().Count());
        Assert.All(causes, cause => Assert.Matches("^[a-z0-9-]+$", cause.Id));
        Assert.All(causes, cause => Assert.Contains(cause.Id, CauseList.Ids.Keys));
    }

    static string OfWorking(Reach reach)
    {
        var settings = Bodies.Stored(Bodies.Smtp());
        return Verdicts.Working(new TestTarget(settings, settings.Transports[0], IsDraft: false, null, null), reach).Cause;
    }

    /// <summary>The same stage, reply code, fault or program's end, or a word in common that says something.</summary>
    static bool IsNear(Evidence one, Evidence other) =>
        one.Stage == other.Stage || (one.Reply?.Code == other.Reply?.Code && one.Reply is { Code: > 0 }) || (one.Fault is { } fault && fault.Kind == other.Fault?.Kind)
        || WordsOf(one).Intersect(WordsOf(other), StringComparer.OrdinalIgnoreCase).Any();

    static IEnumerable<string> WordsOf(Evidence evidence) => (evidence.Reply?.Text ?? "").Split([' ', ':', ';', '@', '.', ',', '<', '>', '(', ')'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length > 4);

    /// <summary>A sample of the knowledge base as the session would have seen it.</summary>
    static Evidence AsEvidence(KnowledgeSample sample)
    {
        var (seen, transport) = (sample.Seen, Seen.Transport(smtp => smtp["host"] = sample.Seen.Relay ?? "smtp.example.com"));
        var reply = seen.Code == 0 ? null : new TransportReply(seen.Code, seen.EnhancedStatus, seen.Words);
        return new(transport, new(), seen.Stage ?? TransportStage.Content) { Reply = reply, Fault = reply is null || seen.Fault is not null ? new(seen.Stage ?? TransportStage.Content, seen.Fault ?? TransportFaultKind.LoginRefused, seen.Words) { Reply = reply } : null };
    }

    static TransportOutcome Failed(TransportFault fault) =>
        new(Message, [new("b@example.org", RecipientVerdict.NotSent, fault.Stage, null)]) { Fault = fault };
}
