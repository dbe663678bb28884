using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MailPlugin.Smtp.Mime;

namespace MailPlugin.Smtp.Tests.Mime;

public sealed class MailboxAddressTests
{
    [Theory]
    [InlineData("name@example.com", "name@example.com")]
    [InlineData("a+tag.b@example.com", "a+tag.b@example.com")]
    [InlineData("!#$%&'*+-/=?^_`{|}~@example.com", "!#$%&'*+-/=?^_`{|}~@example.com")]
    [InlineData("name@localhost", "name@localhost")]
    [InlineData("Name@EXAMPLE.Com", "Name@example.com")]
    [InlineData("\"john doe\"@example.com", "\"john doe\"@example.com")]
    [InlineData("\"a@b\"@example.com", "\"a@b\"@example.com")]
    [InlineData("\"a\\\"b\"@example.com", "\"a\\\"b\"@example.com")]
    [InlineData("\"needless\"@example.com", "needless@example.com")]
    [InlineData("\"\"@example.com", "\"\"@example.com")]
    [InlineData("name@[192.0.2.1]", "name@[192.0.2.1]")]
    [InlineData("name@[IPv6:2001:db8::1]", "name@[IPv6:2001:db8::1]")]
    [InlineData("name@bücher.example", "name@xn--bcher-kva.example")]
    [InlineData("name@例え.テスト", "name@xn--r8jz45g.xn--zckzah")]
    [InlineData("name@例え。テスト", "name@xn--r8jz45g.xn--zckzah")]
    [InlineData("张三@例え.テスト", "张三@xn--r8jz45g.xn--zckzah")]
    [InlineData("name@1and1.example", "name@1and1.example")]
    public void An_address_is_read_into_its_transmitted_form(string text, string address)
    {
        Assert.True(MailboxAddress.TryParse(text, out var mailbox, out var error), error);
        Assert.Equal(address, mailbox.Address);
        Assert.Equal(!Ascii.IsValid(mailbox.LocalPart), mailbox.NeedsSmtpUtf8);
    }

    [Theory]
    [InlineData(null, "must be an address such as name@example.com")]
    [InlineData("", "must be an address such as name@example.com")]
    [InlineData("name", "must be an address such as name@example.com: the @ is missing")]
    [InlineData("@example.com", "must have a name before the @")]
    [InlineData("name@", "must have a domain after the @")]
    [InlineData("a@b@example.com", "must have one @ only")]
    [InlineData(".name@example.com", "must not begin or end with a dot, or have two in a row, before the @")]
    [InlineData("name.@example.com", "must not begin or end with a dot, or have two in a row, before the @")]
    [InlineData("na..me@example.com", "must not begin or end with a dot, or have two in a row, before the @")]
    [InlineData("na me@example.com", "must not contain a blank before the @ outside quotes")]
    [InlineData("Name <name@example.com>", "must not contain a blank before the @ outside quotes")]
    [InlineData("<name@example.com>", "must not contain angle brackets before the @ outside quotes")]
    [InlineData("(comment)name@example.com", "must not contain '(' before the @ outside quotes")]
    [InlineData("group:a@example.com", "must not contain ':' before the @ outside quotes")]
    [InlineData("group:a@example.com;", "must not contain ':' before the @ outside quotes")]
    [InlineData("a@example.com,b@example.com", "must have one @ only")]
    [InlineData("a@example.com;b", "must have only letters, digits, hyphens and dots in its domain, not ';'")]
    [InlineData("\"open@example.com", "must close the quotes right before the @")]
    [InlineData("\"a\"b@example.com", "must close the quotes right before the @")]
    [InlineData("\"a\"b\"@example.com", "must write a quote within quotes as \\\"")]
    [InlineData("\"a\\\"@example.com", "must have an ASCII character after a backslash")]
    [InlineData("name@exa mple.com", "must have only letters, digits, hyphens and dots in its domain, not a blank")]
    [InlineData("name@exa_mple.com", "must have only letters, digits, hyphens and dots in its domain, not '_'")]
    [InlineData("name@.example.com", "must not have a dot at the start or end of its domain, or two in a row")]
    [InlineData("name@example.com.", "must not have a dot at the start or end of its domain, or two in a row")]
    [InlineData("name@example..com", "must not have a dot at the start or end of its domain, or two in a row")]
    [InlineData("name@-example.com", "must not have a hyphen at the start or end of a part of its domain")]
    [InlineData("name@192.0.2.1", "must write an IP address in brackets, such as name@[192.0.2.1]")]
    [InlineData("name@[192.0.2]", "must have an address literal such as [192.0.2.1] or [IPv6:2001:db8::1] in its brackets")]
    [InlineData("name@[192.0.2.1", "must close the bracket at its end")]
    [InlineData("name@[IPv6:fe80::1%eth0]", "must have an address literal such as [192.0.2.1] or [IPv6:2001:db8::1] in its brackets")]
    [InlineData("name@[tag:content]", "must have an address literal such as [192.0.2.1] or [IPv6:2001:db8::1] in its brackets")]
    [InlineData("name\u3000@example.com", "must not contain U+3000 before the @ outside quotes")]
    [InlineData("na\u202Eme@example.com", "must not contain U+202E before the @ outside quotes")]
    [InlineData("name@bü cher.example", "must have a domain after the @ whose international name is valid (IDNA)")]
    [InlineData("a@example.com\r\nBcc: b@example.com", "must not contain line breaks or other control characters")]
    [InlineData("a@example.com\n", "must not contain line breaks or other control characters")]
    [InlineData("\"a\rb\"@example.com", "must not contain line breaks or other control characters")]
    [InlineData("a\0@example.com", "must not contain line breaks or other control characters")]
    [InlineData("a\u0085@example.com", "must not contain line breaks or other control characters")]
    public void What_is_no_address_is_refused_with_what_it_must_be(string? text, string expected)
    {
        Assert.False(MailboxAddress.TryParse(text, out var mailbox, out var error));
        Assert.Null(mailbox);
        Assert.Equal(expected, error);
    }

    [Fact]
    public void The_lengths_of_RFC_5321_are_the_longest_taken()
    {
        var label = new string('d', 63);
        var local = new string('l', 64);
        Assert.True(MailboxAddress.TryParse($"{local}@{label}.{label}.{new string('d', 61)}", out var longest, out _));
        Assert.Equal(MailboxAddress.MaximumLength, longest.Address.Length);

        Assert.Equal("must have at most 64 bytes before the @", ErrorOf($"{local}l@example.com"));
        Assert.Equal("must have at most 64 bytes before the @", ErrorOf($"{new string('张', 22)}@example.com"));
        Assert.Equal("must have at most 63 bytes in each part of its domain", ErrorOf($"a@{label}d.com"));
        Assert.Equal("must have at most 254 bytes", ErrorOf($"{local}@{label}.{label}.{new string('d', 62)}"));
        Assert.Equal("must have at most 255 bytes after the @", ErrorOf($"a@{label}.{label}.{label}.{label}.com"));
    }

    [Fact]
    public void A_display_name_may_be_in_any_script_but_in_one_line()
    {
        Assert.True(MailboxAddress.TryParse("a@example.com", " 张三 😀 ", out var mailbox, out _));
        Assert.Equal("张三 😀", mailbox.DisplayName);
        Assert.False(MailboxAddress.TryParse("a@example.com", "x\r\nBcc: b@example.com", out _, out var error));
        Assert.Equal("must not contain line breaks or other control characters", error);
        Assert.Throws<ArgumentException>(() => mailbox.WithDisplayName("x\n"));
        Assert.Null(MailboxAddress.Parse("a@example.com", "  ").DisplayName);
    }

    [Fact]
    public void Whatever_the_text_the_reader_answers_and_an_accepted_address_is_harmless()
    {
        var pieces = Gen.Elements("a", "B", ".", "@", "\"", "\\", " ", "\r", "\n", "\0", "\t", "<", ">", "[", "]", "IPv6:", "::1", "192.0.2.1", "张", "😀", "\uD83D", "é", "-", "xn--", "example.com", ",", ";", "(", "=?utf-8?Q?", "\u202E", "\u2028");
        var texts = Gen.OneOf(pieces.ListOf().Select(parts => string.Concat(parts)), ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000), Prop.ForAll(texts.ToArbitrary(), text =>
        {
            if (!MailboxAddress.TryParse(text, out var mailbox, out var error))
            {
                return error.StartsWith("must ", StringComparison.Ordinal) && !error.Any(char.IsControl);
            }

            return !mailbox.Address.Any(char.IsControl)
                && Encoding.UTF8.GetByteCount(mailbox.Address) <= MailboxAddress.MaximumLength
                && Ascii.IsValid(mailbox.Domain)
                && MailboxAddress.Parse(mailbox.Address).Address == mailbox.Address;
        }));
    }

    static string? ErrorOf(string text) => MailboxAddress.TryParse(text, out _, out var error) ? null : error;
}
