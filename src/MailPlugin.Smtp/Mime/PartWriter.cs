using System.Buffers;
using System.Text;

namespace MailPlugin.Smtp.Mime;

/// <summary>Writes the tree of parts: mixed (alternative (text, related (HTML, inline parts)), attachments), without the levels that have one child only.</summary>
/// <remarks>The fields of the root go to the header block, those of every other part into the body.</remarks>
sealed class PartWriter(MessageDraft draft, PooledBytes header, PooledSegments body, string boundary, TransferEncoding widest)
{
    const string Mixed = "mixed";
    const string Alternative = "alternative";
    const string Related = "related";

    readonly bool hasInline = draft.HtmlBody is not null && CountInline(draft) > 0;

    public bool Is7Bit { get; private set; } = true;

    public void Write()
    {
        var attached = draft.Attachments.Count - (hasInline ? CountInline(draft) : 0);
        var hasText = draft.TextBody is not null || draft.HtmlBody is not null;
        if (attached == 0)
        {
            WriteContent(header);
        }
        else if (attached == 1 && !hasText)
        {
            WriteAttachment(header, draft.Attachments[0]);
        }
        else
        {
            OpenMultipart(header, Mixed, null);
            if (hasText)
            {
                WriteContent(Begin(Mixed, isFirst: true));
            }

            var isFirst = !hasText;
            foreach (var part in draft.Attachments)
            {
                if (!IsInline(part))
                {
                    WriteAttachment(Begin(Mixed, isFirst), part);
                    isFirst = false;
                }
            }

            End(Mixed);
        }

        EndLastLine();
    }

    void WriteContent(IBufferWriter<byte> head)
    {
        if (draft.HtmlBody is null || draft.TextBody is null)
        {
            if (draft.TextBody is not null)
            {
                WriteText(head, "plain", draft.TextBody);
            }
            else
            {
                WriteHtml(head);
            }

            return;
        }

        OpenMultipart(head, Alternative, null);
        WriteText(Begin(Alternative, isFirst: true), "plain", draft.TextBody);
        WriteHtml(Begin(Alternative, isFirst: false));
        End(Alternative);
    }

    void WriteHtml(IBufferWriter<byte> head)
    {
        if (!hasInline)
        {
            WriteText(head, "html", draft.HtmlBody!);
            return;
        }

        OpenMultipart(head, Related, "text/html");
        WriteText(Begin(Related, isFirst: true), "html", draft.HtmlBody!);
        foreach (var part in draft.Attachments)
        {
            if (IsInline(part))
            {
                WriteAttachment(Begin(Related, isFirst: false), part);
            }
        }

        End(Related);
    }

    void WriteText(IBufferWriter<byte> head, string subtype, string text)
    {
        using var bytes = new PooledBytes(Encoding.UTF8.GetMaxByteCount(text.Length));
        bytes.Advance(Encoding.UTF8.GetBytes(text, bytes.GetSpan()));
        var encoding = TextEncoding.Choose(bytes.Span, widest);
        Is7Bit &= encoding != TransferEncoding.EightBit;
        var fields = new HeaderWriter(head);
        fields.Raw("Content-Type: text/"u8);
        fields.Raw(subtype);
        fields.Raw("; charset=utf-8\r\nContent-Transfer-Encoding: "u8);
        fields.Raw(TextEncoding.Name(encoding));
        fields.End();
        EndHeader(head);
        TextEncoding.Write(body, bytes.Span, encoding);
    }

    void WriteAttachment(IBufferWriter<byte> head, Attachment part)
    {
        AttachmentHeader.Write(head, part, IsInline(part));
        EndHeader(head);
        Base64Lines.Write(body, part.Content.Span);
    }

    bool IsInline(Attachment part) => hasInline && part.ContentId is not null;

    static int CountInline(MessageDraft draft)
    {
        var count = 0;
        foreach (var part in draft.Attachments)
        {
            count += part.ContentId is null ? 0 : 1;
        }

        return count;
    }

    void OpenMultipart(IBufferWriter<byte> head, string kind, string? rootType)
    {
        var fields = new HeaderWriter(head);
        fields.Raw("Content-Type: multipart/"u8);
        fields.Raw(kind);
        if (rootType is not null)
        {
            fields.Raw("; type=\"");
            fields.Raw(rootType);
            fields.Raw("\"");
        }

        fields.Raw(";"u8);
        fields.Fold();
        fields.Raw(" boundary=\""u8);
        WriteBoundary(ref fields, kind);
        fields.Raw("\""u8);
        fields.End();
        EndHeader(head);
    }

    PooledSegments Begin(string kind, bool isFirst)
    {
        var line = new HeaderWriter(body);
        line.Raw(isFirst ? "--"u8 : "\r\n--"u8);
        WriteBoundary(ref line, kind);
        line.End();
        return body;
    }

    void End(string kind)
    {
        var line = new HeaderWriter(body);
        line.Raw("\r\n--"u8);
        WriteBoundary(ref line, kind);
        line.Raw("--"u8);
    }

    // One random value for all levels; the kind tells them apart, and no boundary begins another.
    void WriteBoundary(ref HeaderWriter line, string kind)
    {
        line.Raw(boundary);
        line.Raw("_"u8);
        line.Raw(kind.AsSpan(0, 3));
    }

    void EndHeader(IBufferWriter<byte> head)
    {
        if (head == body)
        {
            body.Write("\r\n"u8);
        }
    }

    void EndLastLine()
    {
        if (!body.EndsWithLine)
        {
            body.Write("\r\n"u8);
        }
    }
}
