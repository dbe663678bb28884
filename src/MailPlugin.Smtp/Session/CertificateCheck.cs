using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MailPlugin.Smtp;

/// <summary>Judges a server's certificate and keeps what a person needs to know about it.</summary>
internal sealed class CertificateCheck(SmtpRelay relay, TimeProvider time)
{
    readonly SmtpCertificateTrust trust = relay.CertificateTrust;

    internal SmtpCertificate Seen { get; private set; } = new("", [], "", default, default, "", SmtpCertificateProblem.Missing, "The server showed no certificate.");

    /// <summary>The server's certificate and those above it, each with what is wrong with it.</summary>
    internal IReadOnlyList<SmtpChainLink> Chain { get; private set; } = [];

    /// <summary>
    /// The issuer is asked at an address that stands in the certificate. The system's authorities name their own; whoever brings an authority could name
    /// any, and where addresses are judged that one would go unjudged.
    /// </summary>
    bool AsksIssuer => trust switch
    {
        SmtpCertificateTrust.Pinned => false,
        SmtpCertificateTrust.CustomCa => relay.AllowAddress is null,
        _ => true,
    };

    internal bool Judge(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
        {
            return false;
        }

        var leaf = certificate as X509Certificate2 ?? X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        var facts = Describe(leaf);
        var (problem, detail) = trust switch
        {
            SmtpCertificateTrust.Pinned pinned => JudgePin(pinned, facts),
            _ => JudgeChain(leaf, facts, chain, errors),
        };
        if (problem is null && AsksIssuer && IsRevoked(leaf, chain))
        {
            (problem, detail) = (SmtpCertificateProblem.Revoked, $"The certificate of {facts.Subject} was revoked by {facts.Issuer}.");
        }

        Seen = facts with { Problem = problem, Detail = detail };
        Chain = chain is null ? [Link(leaf, [])] : [.. chain.ChainElements.Select(element => Link(element.Certificate, element.ChainElementStatus))];
        return problem is null;
    }

    SmtpChainLink Link(X509Certificate2 certificate, IEnumerable<X509ChainStatus> status)
    {
        var facts = Describe(certificate);
        var now = time.GetUtcNow();
        var problems = status.Where(s => s.Status is not (X509ChainStatusFlags.NoError or X509ChainStatusFlags.NotTimeValid)).Select(s => s.Status.ToString());
        problems = now > facts.NotAfter ? problems.Prepend("Expired") : now < facts.NotBefore ? problems.Prepend("NotYetValid") : problems;
        return new(facts.Subject, facts.Issuer, facts.NotBefore, facts.NotAfter, facts.Sha256, [.. problems]);
    }

    /// <summary>How the chain is built; revocation is asked for afterwards, when it is known that somebody trusted signed it.</summary>
    internal static X509ChainPolicy ChainPolicy(SmtpCertificateTrust trust)
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,

            // A stranger's certificate must not make this machine fetch from an address of the stranger's choice.
            DisableCertificateDownloads = true,
        };
        policy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1"));
        if (trust is SmtpCertificateTrust.CustomCa custom)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.ImportFromPem(custom.Pem);
        }

        return policy;
    }

    /// <summary>Asks the issuer, for no longer than a few seconds. An answer that cannot be had is no fault.</summary>
    bool IsRevoked(X509Certificate2 leaf, X509Chain? built)
    {
        using var chain = new X509Chain { ChainPolicy = ChainPolicy(trust) };
        chain.ChainPolicy.RevocationMode = X509RevocationMode.Online;
        chain.ChainPolicy.RevocationFlag = X509RevocationFlag.ExcludeRoot;
        chain.ChainPolicy.UrlRetrievalTimeout = TimeSpan.FromSeconds(3);
        foreach (var element in built?.ChainElements.Skip(1) ?? [])
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        chain.Build(leaf);
        return chain.ChainStatus.Any(status => status.Status == X509ChainStatusFlags.Revoked);
    }

    static (SmtpCertificateProblem?, string?) JudgePin(SmtpCertificateTrust.Pinned pinned, SmtpCertificate facts)
    {
        var wanted = string.Concat(pinned.Sha256.Where(char.IsAsciiHexDigit));
        return facts.Sha256.Equals(wanted, StringComparison.OrdinalIgnoreCase)
            ? (null, null)
            : (SmtpCertificateProblem.PinMismatch, $"The certificate is not the pinned one: its SHA-256 is {facts.Sha256}.");
    }

    (SmtpCertificateProblem?, string?) JudgeChain(X509Certificate2 leaf, SmtpCertificate facts, X509Chain? chain, SslPolicyErrors errors)
    {
        var now = time.GetUtcNow();
        if (now > facts.NotAfter)
        {
            return (SmtpCertificateProblem.Expired, $"The certificate of {facts.Subject} ended on {Day(facts.NotAfter)}.");
        }

        if (now < facts.NotBefore)
        {
            return (SmtpCertificateProblem.NotYetValid, $"The certificate of {facts.Subject} begins on {Day(facts.NotBefore)}.");
        }

        // The dates above are judged by the session's clock, so the chain's own judgement of them is left out.
        var status = chain?.ChainStatus.Where(s => s.Status is not (X509ChainStatusFlags.NoError or X509ChainStatusFlags.NotTimeValid)).ToArray() ?? [];
        var flags = status.Aggregate(X509ChainStatusFlags.NoError, (all, s) => all | s.Status);

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return (SmtpCertificateProblem.WrongName, $"The certificate is made for {string.Join(", ", facts.Names)}, not for {relay.Host}.");
        }

        if ((flags & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0)
        {
            return leaf.SubjectName.RawData.AsSpan().SequenceEqual(leaf.IssuerName.RawData)
                ? (SmtpCertificateProblem.SelfSigned, $"The certificate of {facts.Subject} signed itself.")
                : (SmtpCertificateProblem.UnknownIssuer, $"Nobody who is trusted signed the certificate of {facts.Subject}; its issuer is {facts.Issuer}.");
        }

        return flags == X509ChainStatusFlags.NoError
            ? errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) && ExpiredAbove(chain)
                ? (SmtpCertificateProblem.Expired, "A certificate above the server's is out of its time.")
                : (null, null)
            : (SmtpCertificateProblem.Chain, ServerText.Clean(string.Join(' ', status.Select(s => $"{s.Status}: {s.StatusInformation.Trim()}"))));
    }

    bool ExpiredAbove(X509Chain? chain)
    {
        var now = time.GetUtcNow();
        return chain?.ChainElements.Skip(1).Any(e => now > Utc(e.Certificate.NotAfter) || now < Utc(e.Certificate.NotBefore)) ?? true;
    }

    static SmtpCertificate Describe(X509Certificate2 leaf)
    {
        var names = leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault() is { } alternative
            ? alternative.EnumerateDnsNames().Concat(alternative.EnumerateIPAddresses().Select(a => a.ToString())).Select(ServerText.Clean).ToArray()
            : [ServerText.Clean(leaf.GetNameInfo(X509NameType.DnsName, false))];
        return new SmtpCertificate(
            ServerText.Clean(leaf.Subject), names, ServerText.Clean(leaf.Issuer), Utc(leaf.NotBefore), Utc(leaf.NotAfter),
            leaf.GetCertHashString(HashAlgorithmName.SHA256));
    }

    static DateTimeOffset Utc(DateTime local) => new(local.ToUniversalTime(), TimeSpan.Zero);

    static string Day(DateTimeOffset at) => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
