using System.Security.Cryptography;
using System.Text;

namespace MailPlugin.TestBed.Tests;

/// <summary>A message in canonical form already, so that a signature over it (RFC 6376, relaxed) is a few lines.</summary>
static class DkimSample
{
    public static (byte[] Message, byte[] Signed) Sign(RSA key)
    {
        const string Body = "first\r\n";
        var bodyHash = Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(Body)));
        var bare = $"v=1; a=rsa-sha256; c=relaxed/relaxed; d=sender.example; s=s1; h=from; bh={bodyHash}; b=";
        var signature = key.SignData(Encoding.ASCII.GetBytes($"from:a@sender.example\r\ndkim-signature:{bare}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var message = $"From: a@sender.example\r\n\r\n{Body}";
        return (Encoding.ASCII.GetBytes(message), Encoding.ASCII.GetBytes($"DKIM-Signature: {bare}{Convert.ToBase64String(signature)}\r\n{message}"));
    }
}
