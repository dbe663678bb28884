using System.Buffers;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MailPlugin.Smtp.Mime;

/// <summary>Signs messages for one domain and selector (RFC 6376): rsa-sha256, relaxed/relaxed.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class DkimSigner : IDisposable
{
    /// <summary>The shortest key that receivers still honour, in bits (RFC 8301).</summary>
    public const int MinimumKeySize = 2048;

    const int MaximumKeySize = 4096;
    const int MaximumSelector = 100;
    const int LineCharacters = 72;

    // Named once more than they occur: nobody can add a second one, or one that was not there, and keep the signature (RFC 6376 section 8.15).
    static readonly string[] OverSigned =
        ["From", "Reply-To", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "MIME-Version", "Content-Type"];

    // Signed where they occur: lists and gateways add them rightly. RFC 8058 wants both fields of List-Unsubscribe signed.
    static readonly string[] Signed = ["Sender", "Content-Transfer-Encoding", "List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted"];

    // RSA objects promise nothing about threads: each signature has one for itself.
    readonly ConcurrentBag<RSA> idle = [];
    readonly RSAParameters key;
    bool isDisposed;

    DkimSigner(string domain, string selector, RSA rsa, RSAParameters key)
    {
        Domain = domain;
        Selector = selector;
        this.key = key;
        DnsRecord = $"v=DKIM1; k=rsa; p={Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo())}";
        idle.Add(rsa);
    }

    /// <summary>The signing domain, in A-labels.</summary>
    public string Domain { get; }

    /// <summary>Which key of the domain.</summary>
    public string Selector { get; }

    /// <summary>Where the public key is published.</summary>
    public string DnsName => $"{Selector}._domainkey.{Domain}";

    /// <summary>The TXT record to publish at <see cref="DnsName"/>.</summary>
    public string DnsRecord { get; }

    /// <summary>Checks domain, selector and key.</summary>
    /// <param name="domain">The signing domain; an international one is turned into A-labels.</param>
    /// <param name="selector">Which key of the domain.</param>
    /// <param name="pem">An RSA private key of 2048 to 4096 bits, PKCS#1 or PKCS#8, without a password.</param>
    /// <param name="signer">The signer, when the result is true.</param>
    /// <param name="fault">What is at fault, when the result is false.</param>
    public static bool TryCreate(string? domain, string? selector, string? pem, [NotNullWhen(true)] out DkimSigner? signer, [NotNullWhen(false)] out DkimFault? fault)
    {
        signer = null;
        var isDomain = AddressDomain.TryRead(domain ?? "", out var name, out _) && name[0] != '[';
        if (!isDomain)
        {
            fault = new DkimFault(DkimPart.Domain, "must be a domain such as example.com");
        }
        else if (!IsSelector(selector))
        {
            fault = new DkimFault(DkimPart.Selector, "must be letters, digits, hyphens and underscores, in parts of at most 63 separated by dots");
        }
        else if (!TryReadKey(pem, out var rsa, out var key, out var error))
        {
            fault = new DkimFault(DkimPart.PrivateKey, error);
        }
        else
        {
            fault = null;
            signer = new DkimSigner(name!, selector, rsa, key);
        }

        return signer is not null;
    }

    /// <summary>Makes the DKIM-Signature field, which goes before all others.</summary>
    /// <param name="header">The final header block.</param>
    /// <param name="body">The final body.</param>
    /// <param name="signedAt">The time of the signature.</param>
    public HeaderField Sign(HeaderBlock header, ReadOnlySequence<byte> body, DateTimeOffset signedAt)
    {
        ArgumentNullException.ThrowIfNull(header);
        using var hash = new RelaxedBodyHash();
        foreach (var piece in body)
        {
            hash.Append(piece.Span);
        }

        return Sign(header, hash, signedAt);
    }

    /// <summary>Forgets the key.</summary>
    public void Dispose()
    {
        isDisposed = true;
        foreach (var secret in new[] { key.D, key.P, key.Q, key.DP, key.DQ, key.InverseQ })
        {
            CryptographicOperations.ZeroMemory(secret);
        }

        while (idle.TryTake(out var rsa))
        {
            rsa.Dispose();
        }
    }

    HeaderField Sign(HeaderBlock header, RelaxedBodyHash body, DateTimeOffset signedAt)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        using var canonical = new PooledBytes(4096);
        using var field = new PooledBytes(2048);
        var names = Select(header, canonical);
        WriteTags(field, names, body, signedAt);
        RelaxedHeader.Write(canonical, field.Span);
        canonical.TrimLineEnd();
        WriteSignature(field, canonical.Span);
        return new HeaderField("DKIM-Signature", field.Memory.ToArray());
    }

    static List<string> Select(HeaderBlock header, PooledBytes canonical)
    {
        var names = new List<string>(32);
        foreach (var name in OverSigned)
        {
            Add(name);
            names.Add(name);
        }

        foreach (var name in Signed)
        {
            Add(name);
        }

        return names;

        // Where a name occurs more than once, the last one counts first (RFC 6376 section 5.4.2).
        void Add(string name)
        {
            for (var i = header.Fields.Count - 1; i >= 0; i--)
            {
                if (header.Fields[i].Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    names.Add(name);
                    RelaxedHeader.Write(canonical, header.Fields[i].Raw.Span);
                }
            }
        }
    }

    void WriteTags(PooledBytes output, List<string> names, RelaxedBodyHash body, DateTimeOffset signedAt)
    {
        var header = new HeaderWriter(output);
        header.Raw("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;"u8);
        header.Word($"d={Domain};");
        header.Word($"s={Selector};");
        header.Word(string.Create(CultureInfo.InvariantCulture, $"t={signedAt.ToUnixTimeSeconds()};"));
        header.Fold();
        header.Raw(" h="u8);
        for (var i = 0; i < names.Count; i++)
        {
            if (i > 0)
            {
                header.Raw(":"u8);
            }

            if (header.Room < names[i].Length + 1)
            {
                header.Fold();
                header.Raw("  "u8);
            }

            header.Raw(names[i]);
        }

        header.Raw(";"u8);
        header.Fold();
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> text = stackalloc byte[44];
        body.Finish(digest);
        Base64.EncodeToUtf8(digest, text, out _, out _);
        header.Raw(" bh="u8);
        header.Raw(text);
        header.Raw(";"u8);
        header.Fold();
        header.Raw(" b="u8);
        header.End();
    }

    void WriteSignature(PooledBytes field, ReadOnlySpan<byte> canonical)
    {
        Span<byte> signature = stackalloc byte[MaximumKeySize / 8];
        Span<byte> text = stackalloc byte[Base64.GetMaxEncodedToUtf8Length(MaximumKeySize / 8)];
        var rsa = idle.TryTake(out var kept) ? kept : RSA.Create(key);
        var length = rsa.SignData(canonical, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        idle.Add(rsa);
        Base64.EncodeToUtf8(signature[..length], text, out _, out var characters);
        field.TrimLineEnd();
        ReadOnlySpan<byte> rest = text[..characters];
        while (true)
        {
            var line = rest[..Math.Min(rest.Length, LineCharacters)];
            field.Write(line);
            rest = rest[line.Length..];
            field.Write("\r\n"u8);
            if (rest.IsEmpty)
            {
                return;
            }

            field.Write("  "u8);
        }
    }

    static bool IsSelector([NotNullWhen(true)] string? selector)
        => selector is { Length: > 0 and <= MaximumSelector } && selector.Split('.').All(part => part.Length is > 0 and <= 63 && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));

    static bool TryReadKey(string? pem, [NotNullWhen(true)] out RSA? rsa, out RSAParameters key, [NotNullWhen(false)] out string? error)
    {
        key = default;
        rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
            key = rsa.ExportParameters(includePrivateParameters: true);
            error = rsa.KeySize is >= MinimumKeySize and <= MaximumKeySize ? null : $"must be an RSA key of {MinimumKeySize} to {MaximumKeySize} bits, not {rsa.KeySize}";
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            error = pem?.Contains("ENCRYPTED", StringComparison.Ordinal) == true
                ? "must be a private key without a password"
                : "must be an RSA private key in PEM (BEGIN PRIVATE KEY or BEGIN RSA PRIVATE KEY)";
        }

        if (error is not null)
        {
            rsa.Dispose();
            rsa = null;
        }

        return error is null;
    }
}
