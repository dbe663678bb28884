using System.Buffers;

namespace MailPlugin.Smtp.Mime;

/// <summary>The fields of an attached or inline part: Content-Type, Content-Transfer-Encoding, Content-Disposition (RFC 2183), Content-ID.</summary>
static class AttachmentHeader
{
    public static void Write(IBufferWriter<byte> output, Attachment part, bool isInline)
    {
        var type = part.Type;

        // A message must not be base64 (RFC 2046 section 5.2.1), and its bytes are not ours to change: it travels as a file.
        var isFile = type.IsMessage;
        var header = new HeaderWriter(output);
        header.Raw("Content-Type: "u8);
        header.Raw(isFile ? "application/octet-stream" : type.Type);
        foreach (var (name, value) in isFile ? [] : type.Parameters)
        {
            if (!(name.Equals("name", StringComparison.OrdinalIgnoreCase) && part.Name is not null))
            {
                HeaderParameter.Write(ref header, name, value);
            }
        }

        if (part.Name is not null)
        {
            HeaderParameter.Write(ref header, "name", part.Name);
        }

        header.End();
        header.Raw("Content-Transfer-Encoding: base64\r\n"u8);
        header = new HeaderWriter(output);
        header.Raw("Content-Disposition: "u8);
        header.Raw(isInline ? "inline"u8 : "attachment"u8);
        if (part.Name is not null)
        {
            HeaderParameter.Write(ref header, "filename", part.Name);
        }

        header.End();
        if (part.ContentId is not null)
        {
            header.Raw("Content-ID: <"u8);
            header.Raw(part.ContentId);
            header.Raw(">\r\n"u8);
        }
    }
}
