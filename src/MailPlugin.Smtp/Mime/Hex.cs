namespace MailPlugin.Smtp.Mime;

/// <summary>An escaped byte: quoted-printable writes <c>=C3</c>, RFC 2231 writes <c>%C3</c>.</summary>
static class Hex
{
    public static void Write(Span<byte> target, byte mark, byte value)
    {
        var digits = "0123456789ABCDEF"u8;
        target[2] = digits[value & 0xF];
        target[1] = digits[value >> 4];
        target[0] = mark;
    }
}
