using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Xml.Linq;
using MailPlugin.Options;
using MailPlugin.Security.Secrets;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailPlugin.Tests.Security;

public sealed class SealedKeyRingTests : IDisposable
{
    const string Canary = "canary-master-key";

    readonly TempFolder _folder = new();
    readonly Kept _kept = new();

    [Theory]
    [InlineData("KeyFile", "key")]
    [InlineData("CertificateFile", "pem")]
    [InlineData("CertificateFile", "pfx")]
    public void What_is_kept_is_read_again_and_can_be_read_by_nobody_else(string option, string kind)
    {
        var file = Make(kind);
        var element = new XElement("key", new XAttribute("id", "1"), Canary);

        Ring(option, file).StoreElement(element, "key-1");

        Assert.DoesNotContain(Canary, _kept.Elements["key-1"].ToString(), StringComparison.Ordinal);
        Assert.True(XNode.DeepEquals(element, Assert.Single(Ring(option, file).GetAllElements())));
        Assert.Throws<AuthenticationTagMismatchException>(() => Ring("KeyFile", Make("key", "another key of more than thirty-two bytes")).GetAllElements());
    }

    [Fact]
    public void Keys_from_before_are_read_and_sealed_on_the_way()
    {
        _kept.StoreElement(new XElement("key", new XAttribute("id", "1"), Canary), "key-1");
        _kept.StoreElement(new XElement("revocation", "of 2"), "revocation-2");
        var ring = Ring("KeyFile", Make("key"));

        Assert.Equal([Canary, "of 2"], ring.GetAllElements().Select(element => element.Value));

        Assert.Equal(["sealed", "revocation"], _kept.Elements.Values.Select(element => element.Name.LocalName));
        Assert.Equal([Canary, "of 2"], ring.GetAllElements().Select(element => element.Value));
    }

    [Fact]
    public void What_was_changed_or_cut_off_is_not_read()
    {
        var seal = KeyRingSeal.WithKey(RandomNumberGenerator.GetBytes(32));
        var whole = seal.Seal(Canary);
        Assert.Equal(Canary, seal.Open(whole));

        for (var length = 0; length < whole.Length; length++)
        {
            Assert.ThrowsAny<CryptographicException>(() => seal.Open(whole[..length]));
            var changed = whole.ToArray();
            changed[length] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => seal.Open(changed));
        }
    }

    [Theory]
    [InlineData("KeyFile", "short", "must hold at least 32 bytes")]
    [InlineData("KeyFile", null, "cannot be read")]
    [InlineData("CertificateFile", "key", "must be a certificate with its private key")]
    [InlineData("CertificateFile", "ecdsa", "must have an RSA key")]
    [InlineData("CertificateFile", null, "cannot be read")]
    public void A_wrong_file_stops_the_start_and_is_named(string option, string? kind, string says)
    {
        var fault = Assert.Throws<InvalidOptionException>(() => Options(new() { [$"KeyRing:{option}"] = kind is null ? _folder.Of("none") : Make(kind) }));

        Assert.StartsWith($"MailPlugin:KeyRing:{option} {says}", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_at_once_are_refused()
    {
        var fault = Assert.Throws<InvalidOptionException>(() => Options(new() { ["KeyRing:KeyFile"] = Make("key"), ["KeyRing:CertificateFile"] = Make("pem") }));

        Assert.Contains("beside", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_a_shared_ring_without_a_seal_lies_open()
    {
        Assert.True(KeyRingOptions.Read(Plugin.Options(), isShared: true).LiesOpen);
        Assert.False(KeyRingOptions.Read(Plugin.Options(), isShared: false).LiesOpen);
        Assert.False(Options(new() { ["KeyRing:KeyFile"] = Make("key") }).LiesOpen);
    }

    public void Dispose() => _folder.Dispose();

    SealedKeyRing Ring(string option, string file) => new(_kept, Options(new() { [$"KeyRing:{option}"] = file }).Seal!, NullLogger<SealedKeyRing>.Instance);

    static KeyRingOptions Options(Dictionary<string, string?> options) => KeyRingOptions.Read(Plugin.Options(options), isShared: true);

    string Make(string kind, string? content = null)
    {
        var file = _folder.Of(kind + content?.Length);
        switch (kind)
        {
            case "short":
                File.WriteAllText(file, "too short\n");
                break;
            case "key":
                File.WriteAllText(file, (content ?? Convert.ToBase64String(SHA256.HashData("k"u8))) + "\n");
                break;
            case "ecdsa":
                using (var key = ECDsa.Create())
                using (var certificate = new CertificateRequest("CN=ring", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100)))
                {
                    File.WriteAllText(file, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
                }

                break;
            case var _ when !File.Exists(file):
                using (var key = RSA.Create(2048))
                using (var certificate = new CertificateRequest("CN=ring", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100)))
                {
                    if (kind == "pem")
                    {
                        File.WriteAllText(file, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
                    }
                    else
                    {
                        File.WriteAllBytes(file, certificate.Export(X509ContentType.Pkcs12));
                    }
                }

                break;
        }

        return file;
    }

    sealed class Kept : IXmlRepository
    {
        public SortedDictionary<string, XElement> Elements { get; } = new(StringComparer.Ordinal);

        public IReadOnlyCollection<XElement> GetAllElements() => [.. Elements.Values.Select(element => new XElement(element))];

        public void StoreElement(XElement element, string friendlyName) => Elements[friendlyName] = new(element);
    }
}
