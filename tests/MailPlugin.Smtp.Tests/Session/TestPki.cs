using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MailPlugin.Smtp.Tests;

/// <summary>A certification authority in memory, and certificates of every kind that a server may show.</summary>
static class TestPki
{
    static readonly RSA CaKey = RSA.Create(2048);

    internal static X509Certificate2 Ca { get; } = MakeCa();

    internal static string CaPem => Ca.ExportCertificatePem();

    internal static X509Certificate2 Good { get; } = Make("localhost");

    internal static X509Certificate2 WrongName { get; } = Make("other.example");

    internal static X509Certificate2 Expired { get; } = Make("localhost", from: -30, until: -2);

    internal static X509Certificate2 NotYet { get; } = Make("localhost", from: 10, until: 20);

    internal static X509Certificate2 SelfSigned { get; } = MakeSelfSigned("localhost");

    internal static string Sha256(X509Certificate2 certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256);

    internal static X509Certificate2 Make(string name, int from = -1, int until = 30, bool client = false, string? revocationList = null)
    {
        using var key = RSA.Create(2048);
        var request = Request(name, key, client ? "1.3.6.1.5.5.7.3.2" : "1.3.6.1.5.5.7.3.1");
        if (revocationList is not null)
        {
            request.CertificateExtensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([revocationList]));
            request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Ca, true, false));
        }

        var now = TimeProvider.System.GetUtcNow();
        using var bare = request.Create(Ca.SubjectName, X509SignatureGenerator.CreateForRSA(CaKey, RSASignaturePadding.Pkcs1), now.AddDays(from), now.AddDays(until), RandomNumberGenerator.GetBytes(8));
        using var whole = bare.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }

    internal static byte[] RevocationList(X509Certificate2 revoked)
    {
        var list = new CertificateRevocationListBuilder();
        var now = TimeProvider.System.GetUtcNow();
        list.AddEntry(revoked, now.AddHours(-1));
        return list.Build(Ca, 1, now.AddDays(1), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1, now.AddDays(-1));
    }

    static X509Certificate2 MakeSelfSigned(string name)
    {
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        using var whole = Request(name, key, "1.3.6.1.5.5.7.3.1").CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }

    static X509Certificate2 MakeCa()
    {
        var request = new CertificateRequest("CN=Test CA", CaKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-60), now.AddDays(60));
    }

    static CertificateRequest Request(string name, RSA key, string purpose)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        if (name == "localhost")
        {
            names.AddIpAddress(IPAddress.Loopback);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        return request;
    }
}
