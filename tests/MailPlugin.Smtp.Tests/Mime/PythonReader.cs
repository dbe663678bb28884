using System.Diagnostics;
using System.Text;
using System.Text.Json;
using MailPlugin.Smtp.Mime;

namespace MailPlugin.Smtp.Tests.Mime;

/// <summary>Python's email package as a reader that is not ours: a child process that takes a message a line and answers what it read.</summary>
sealed class PythonReader : IDisposable
{
    public const string Program = "/usr/bin/python3";

    const string Script = """
        import base64, email, email.header, email.policy, email.utils, json, re, sys

        # Python's newer parser knows address lists, but leaves a blank between two encoded words (RFC 2047 section 6.2 wants none); its older one
        # decodes rightly, but knows no address literals. So the older one decodes, and what it gives goes quoted to the newer one.
        words = re.compile(r"=\?utf-8\?[QB]\?[^?\s]*\?=(?:\s+=\?utf-8\?[QB]\?[^?\s]*\?=)*")

        def quoted(match):
            text = str(email.header.make_header(email.header.decode_header(match.group())))
            return '"' + text.replace("=?", "\ue000").replace("\\", "\\\\").replace('"', '\\"') + '"'

        def mailboxes(message, name):
            raw = [value for key, value in message.raw_items() if key.lower() == name]
            if not raw:
                return None
            field = email.policy.default.header_factory(name, words.sub(quoted, raw[0].replace("\r\n", "").replace("\n", "")))
            return [{"name": a.display_name.replace("\ue000", "=?"), "address": a.addr_spec} for a in field.addresses]

        def part(message):
            content = None if message.is_multipart() else message.get_payload(decode=True)
            return {
                "type": message.get_content_type(),
                "charset": message.get_param("charset"),
                "encoding": message["content-transfer-encoding"],
                "disposition": message.get_content_disposition(),
                "fileName": message.get_filename(),
                "name": None if message.get_param("name") is None else email.utils.collapse_rfc2231_value(message.get_param("name")),
                "contentId": message["content-id"],
                "rootType": message.get_param("type"),
                "content": None if content is None else base64.b64encode(content).decode(),
                "parts": [part(p) for p in message.iter_parts()] if message.is_multipart() else [],
            }

        def faults(message):
            found = [type(d).__name__ for d in message.defects]
            for name, field in message.items():
                found += [name + ": " + type(d).__name__ for d in getattr(field, "defects", [])]
            if message.is_multipart():
                for p in message.iter_parts():
                    found += faults(p)
            return found

        def verify(raw, records):
            import dkim
            return dkim.verify(raw, dnsfunc=lambda name, timeout=5: records.get(name.decode().rstrip(".")).encode() if name.decode().rstrip(".") in records else None)

        for line in sys.stdin:
            asked = json.loads(line)
            raw = base64.b64decode(asked["message"])
            if asked["utf8"]:
                message = email.message_from_string(raw.decode("utf-8"), policy=email.policy.SMTPUTF8)
            else:
                message = email.message_from_bytes(raw, policy=email.policy.default)
            date = message["date"]
            print(json.dumps({
                "fields": [[name, str(value)] for name, value in message.items()],
                "from": mailboxes(message, "from"), "sender": mailboxes(message, "sender"), "replyTo": mailboxes(message, "reply-to"),
                "to": mailboxes(message, "to"), "cc": mailboxes(message, "cc"),
                "subject": message["subject"], "date": None if date is None else date.datetime.isoformat(),
                "root": part(message), "faults": faults(message),
                "isSigned": verify(raw, asked["records"]) if asked["records"] else False,
            }), flush=True)
        """;

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    readonly Process process;

    public PythonReader()
    {
        process = Process.Start(new ProcessStartInfo(Program, ["-c", Script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = new UTF8Encoding(false),
        })!;
    }

    public PythonMessage Read(ComposedMessage message, Dictionary<string, string>? dns = null) => Read(message.ToBytes(), message.NeedsSmtpUtf8, dns);

    public PythonMessage Read(byte[] message, bool utf8 = false, Dictionary<string, string>? dns = null)
        => ReadAsync(message, utf8, dns).WaitAsync(TimeSpan.FromSeconds(60)).GetAwaiter().GetResult();

    public void Dispose()
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            process.Kill();
        }

        process.Dispose();
    }

    async Task<PythonMessage> ReadAsync(byte[] message, bool utf8, Dictionary<string, string>? dns)
    {
        var asked = JsonSerializer.Serialize(new { message, utf8, records = dns ?? [] }, Json);
        await process.StandardInput.WriteLineAsync(asked);
        await process.StandardInput.FlushAsync();
        var answer = await process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException($"The reader died: {await process.StandardError.ReadToEndAsync()}");
        return JsonSerializer.Deserialize<PythonMessage>(answer, Json)!;
    }
}
