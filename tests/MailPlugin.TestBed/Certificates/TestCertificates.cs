using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MailPlugin.TestBed;

/// <summary>An authority of the tests' own, a certificate that is right and several that are wrong, each in one way.</summary>
public sealed class TestCertificates
{
    const string ServerUsage = "1.3.6.1.5.5.7.3.1";
    const string ClientUsage = "1.3.6.1.5.5.7.3.2";
    static readonly Lazy<TestCertificates> One = new(() => new TestCertificates());

    TestCertificates()
    {
        using var serverKey = RSA.Create(2048);
        using var authorityKey = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        (DateTimeOffset From, DateTimeOffset To) valid = (now.AddDays(-1), now.AddDays(30));

        Authority = SelfSign("CN=Test CA", authorityKey, valid, IsAuthority);
        Server = Issue(serverKey, Authority, "localhost", ServerUsage, valid);
        Expired = Issue(serverKey, Authority, "localhost", ServerUsage, (now.AddDays(-20), now.AddDays(-10)));
        NotYetValid = Issue(serverKey, Authority, "localhost", ServerUsage, (now.AddDays(10), now.AddDays(20)));
        WrongName = Issue(serverKey, Authority, "other.example", ServerUsage, valid);
        Client = Issue(serverKey, Authority, "client.example", ClientUsage, valid);
        SelfSigned = new ServerCertificate(SelfSign("CN=localhost", serverKey, valid, request => Describe(request, "localhost", ServerUsage)), serverKey.ExportPkcs8PrivateKeyPem());

        // Nobody is told of this authority.
        var unknown = SelfSign("CN=Unknown CA", authorityKey, valid, IsAuthority);
        UnknownAuthority = Issue(serverKey, unknown, "localhost", ServerUsage, valid);
    }

    /// <summary>Made once for the whole test process: keys take time.</summary>
    public static TestCertificates Shared => One.Value;

    /// <summary>The authority, with its private key.</summary>
    public X509Certificate2 Authority { get; }

    /// <summary>The authority's certificate, to be trusted.</summary>
    public string AuthorityPem => Authority.ExportCertificatePem() + "\n";

    /// <summary>For localhost, 127.0.0.1 and ::1, valid now, issued by <see cref="Authority"/>.</summary>
    public ServerCertificate Server { get; }

    /// <summary>Right but for its dates: it ended ten days ago.</summary>
    public ServerCertificate Expired { get; }

    /// <summary>Right but for its dates: it begins in ten days.</summary>
    public ServerCertificate NotYetValid { get; }

    /// <summary>Right but for its name: other.example.</summary>
    public ServerCertificate WrongName { get; }

    /// <summary>Right but for its issuer, which is itself.</summary>
    public ServerCertificate SelfSigned { get; }

    /// <summary>Right but for its issuer, whom nobody knows.</summary>
    public ServerCertificate UnknownAuthority { get; }

    /// <summary>A client's, for client.example.</summary>
    public ServerCertificate Client { get; }

    static void IsAuthority(CertificateRequest request)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
    }

    static void Describe(CertificateRequest request, string name, string usage)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        if (name == "localhost")
        {
            names.AddIpAddress(IPAddress.Loopback);
            names.AddIpAddress(IPAddress.IPv6Loopback);
        }

        request.CertificateExtensions.Add(names.Build());
    }

    static X509Certificate2 SelfSign(string subject, RSA key, (DateTimeOffset From, DateTimeOffset To) valid, Action<CertificateRequest> describe)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        describe(request);
        return request.CreateSelfSigned(valid.From, valid.To);
    }

    static ServerCertificate Issue(RSA key, X509Certificate2 issuer, string name, string usage, (DateTimeOffset From, DateTimeOffset To) valid)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        Describe(request, name, usage);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, true, false));
        using var signature = issuer.GetRSAPrivateKey()!;
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7f;
        using var bare = request.Create(issuer.SubjectName, X509SignatureGenerator.CreateForRSA(signature, RSASignaturePadding.Pkcs1), valid.From, valid.To, serial);
        return new ServerCertificate(bare.CopyWithPrivateKey(key), key.ExportPkcs8PrivateKeyPem(), issuer);
    }
}
