namespace MailPlugin.TestBed;

/// <summary>Debian's python3-dkim, with a key from memory in the place of DNS.</summary>
public static class DkimVerifier
{
    const string Script = """
        import base64, sys, dkim
        name, key = sys.argv[1].encode(), sys.argv[2].encode()
        text = b'v=DKIM1; k=rsa; p=' + key
        lookup = lambda asked, timeout=5: text if asked.rstrip(b'.') == name else None
        try:
            print('pass' if dkim.verify(sys.stdin.buffer.read(), dnsfunc=lookup) else 'fail')
        except dkim.DKIMException as fault:
            print('fail', fault)
        """;

    /// <summary>
    /// Whether a message's signature is good. The message has CRLF line ends; the key is the DER of its SubjectPublicKeyInfo, published at
    /// <c>selector._domainkey.domain</c>.
    /// </summary>
    public static async Task<bool> VerifyAsync(ReadOnlyMemory<byte> message, string selector, string domain, byte[] publicKey)
    {
        Requirement.Demand(Server.Python);
        string[] words = ["/usr/bin/python3", "-c", Script, $"{selector}._domainkey.{domain}", Convert.ToBase64String(publicKey)];
        return (await ForeignProgram.RunAsync(words, message)).Trim() == "pass";
    }
}
