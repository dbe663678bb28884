using System.Text.Json;

namespace MailPlugin.TestBed;

/// <summary>A mail as the email module of Python's library understood it, with its modern policy.</summary>
public sealed record PythonMail
{
    const string Script = """
        import email, email.policy, hashlib, json, sys
        mail = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
        def part(one):
            content = one.get_payload(decode=True)
            multi = one.is_multipart()
            return {'contentType': one.get_content_type(), 'charset': one.get_content_charset(), 'disposition': one.get_content_disposition(),
                    'name': one.get_filename(), 'contentId': one['Content-ID'], 'encoding': one['Content-Transfer-Encoding'],
                    'text': one.get_content() if one.get_content_maintype() == 'text' else None,
                    'sha256': None if multi or content is None else hashlib.sha256(content).hexdigest(), 'size': None if multi or content is None else len(content)}
        def addresses(name):
            return [{'address': a.addr_spec, 'name': a.display_name} for field in mail.get_all(name, []) for a in field.addresses]
        defects = [str(d) for one in mail.walk() for d in one.defects] + [f'{n}: {d}' for n, v in mail.items() for d in v.defects]
        json.dump({'subject': mail['Subject'], 'from': addresses('From'), 'to': addresses('To'), 'cc': addresses('Cc'), 'replyTo': addresses('Reply-To'),
                   'headers': [{'name': n, 'line': str(v)} for n, v in mail.items()], 'parts': [part(one) for one in mail.walk()], 'defects': defects}, sys.stdout)
        """;

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public string? Subject { get; init; }

    public required IReadOnlyList<ParsedAddress> From { get; init; }

    public required IReadOnlyList<ParsedAddress> To { get; init; }

    public required IReadOnlyList<ParsedAddress> Cc { get; init; }

    public required IReadOnlyList<ParsedAddress> ReplyTo { get; init; }

    /// <summary>Every header field in its order, its value decoded.</summary>
    public required IReadOnlyList<ParsedHeader> Headers { get; init; }

    /// <summary>Every part, depth first, the multiparts among them.</summary>
    public required IReadOnlyList<PythonPart> Parts { get; init; }

    /// <summary>What is wrong with the message in the parser's eyes.</summary>
    public required IReadOnlyList<string> Defects { get; init; }

    /// <summary>Parses a message.</summary>
    public static async Task<PythonMail> OfAsync(ReadOnlyMemory<byte> message)
    {
        Requirement.Demand(Server.Python);
        var json = await ForeignProgram.RunAsync(["/usr/bin/python3", "-c", Script], message);
        return JsonSerializer.Deserialize<PythonMail>(json, Json)!;
    }
}

/// <summary>A MIME part.</summary>
public sealed record PythonPart(
    string ContentType, string? Charset, string? Disposition, string? Name, string? ContentId, string? Encoding, string? Text, string? Sha256, long? Size);
