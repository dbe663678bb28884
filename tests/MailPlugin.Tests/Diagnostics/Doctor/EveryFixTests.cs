using MailPlugin.Diagnostics.Causes;
using MailPlugin.Diagnostics.Doctor;
using MailPlugin.Diagnostics.Fixes;
using MailPlugin.Diagnostics.TestMail;
using MailPlugin.Smtp;
using MailPlugin.Tests.Diagnostics.Causes;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Transports;

namespace MailPlugin.Tests.Diagnostics.Doctor;

/// <summary>No fix is offered that no test has applied and seen to cure.</summary>
public sealed class EveryFixTests
{
    static readonly SmtpCertificate Shown = new("CN=relay", ["relay.example"], "CN=CA", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(90), new string('A', 64));

    public static TheoryData<string> Curable => [.. CauseList.Ids.Keys.Where(MayHaveFix).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Curable))]
    public void Each_cause_that_may_have_a_fix_is_cured_by_it_in_a_drill(string cause) => Assert.Contains(CuresAttribute.ByTest, test => test.Contains(cause));

    [Fact]
    public void No_drill_claims_to_cure_what_has_no_fix() => Assert.DoesNotContain(CuresAttribute.ByTest.SelectMany(causes => causes), cause => !MayHaveFix(cause));

    /// <summary>Whether a change of settings is ever thought of, with all that could be seen and set. What works and could be better has the doctor's own.</summary>
    static bool MayHaveFix(string id) => id == "ipv6-unreachable" || new[] { "auto", "none" }.Any(auth => new[] { "127.0.0.1", "relay.example" }.Any(host =>
    {
        var settings = Bodies.Stored(Bodies.Smtp(smtp =>
        {
            (smtp["host"], smtp["auth"], smtp["username"]) = (host, auth, "user@example.com");
            (smtp["ehloName"], smtp["localAddress"], smtp["minimumTls"]) = ("x", "127.0.0.1", "1.3");
        }));
        var seen = Seen.Reply(TransportStage.Mail, "550 no", null, new SmtpEvent.CertificateJudged(Shown, []));
        var port = new PortSight(2525, Seen.Sight(Seen.OfferedUnderTls("AUTH PLAIN"), Seen.Secured), null);
        var target = new TestTarget(settings, settings.Transports[0], IsDraft: false, settings.AdminAddress, settings.From);
        return FixCandidates.Of(target, new Cause(id, new("x", "x"), []), seen, [port]).Any();
    }));
}
