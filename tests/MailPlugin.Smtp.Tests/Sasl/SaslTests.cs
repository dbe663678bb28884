using System.Text;

namespace MailPlugin.Smtp.Tests;

public sealed class SaslTests
{
    static readonly SmtpCredentials Password = SmtpCredentials.WithPassword("user", new SmtpSecret("pencil"));

    static readonly SmtpCredentials Token = SmtpCredentials.WithToken("someuser@example.com", new SmtpSecret("ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg"));

    [Fact]
    public void PLAIN_is_as_RFC_4616_has_it()
    {
        using var plain = new PlainMechanism(Password);
        Assert.Equal("\0user\0pencil", Encoding.UTF8.GetString(plain.Initial()));
    }

    [Fact]
    public void CRAM_MD5_is_as_RFC_2195_has_it()
    {
        using var cram = new CramMd5Mechanism(SmtpCredentials.WithPassword("tim", new SmtpSecret("tanstaaftanstaaf")));
        var answer = cram.Respond(Encoding.ASCII.GetBytes("<1896.697170952@postoffice.reston.mci.net>"));
        Assert.Equal("tim b913a602c7eda7a495b4e6e7334d3890", Encoding.ASCII.GetString(answer));
    }

    [Fact]
    public void SCRAM_SHA_1_is_as_RFC_5802_has_it()
    {
        using var scram = new ScramSha1Mechanism(Password, "fyko+d2lbbFgONRv9qkxdawL");
        Assert.Equal("n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL", Encoding.ASCII.GetString(scram.Initial()));
        Assert.Equal(
            "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
            Say(scram, "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096"));
        Assert.False(scram.MayEnd);
        Assert.Equal("", Say(scram, "v=rmF9pqV8S7suAoZWja4dJRkFsKQ="));
        Assert.True(scram.MayEnd);
    }

    [Fact]
    public void SCRAM_SHA_256_is_as_RFC_7677_has_it()
    {
        using var scram = new ScramSha256Mechanism(Password, "rOprNGfwEbeRWgbNEkqO");
        Assert.Equal(
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
            Say(scram, "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"));
        Say(scram, "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
        Assert.True(scram.MayEnd);
    }

    [Theory]
    [InlineData("r=other,s=QSXCR+Q6sek8bf92,i=4096")]
    [InlineData("r=abc,s=QSXCR+Q6sek8bf92,i=4096")]
    [InlineData("r=abcd,s=QSXCR+Q6sek8bf92,i=1")]
    [InlineData("r=abcd,s=QSXCR+Q6sek8bf92,i=2000000000")]
    [InlineData("r=abcd,s=!,i=4096")]
    [InlineData("m=must,r=abcd,s=QSXCR+Q6sek8bf92,i=4096")]
    [InlineData("")]
    [InlineData("e=other-error")]
    public void SCRAM_answers_no_crooked_challenge(string challenge)
    {
        using var scram = new ScramSha256Mechanism(Password, "abc");
        scram.Initial();
        if (challenge.Length == 0)
        {
            Assert.Equal(scram.Initial(), scram.Respond([]));
        }
        else
        {
            Assert.Throws<SaslException>(() => Say(scram, challenge));
        }
    }

    [Fact]
    public void SCRAM_believes_no_server_that_does_not_know_the_password()
    {
        using var scram = new ScramSha1Mechanism(Password, "fyko+d2lbbFgONRv9qkxdawL");
        Say(scram, "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096");
        Assert.Throws<SaslException>(() => Say(scram, "v=AAAAAAAAAAAAAAAAAAAAAAAAAAA="));
        Assert.False(scram.MayEnd);
    }

    [Theory]
    [InlineData("I\u00adX", "IX")]
    [InlineData("\u00aa", "a")]
    [InlineData("\u2168", "IX")]
    [InlineData("a\u00a0b", "a b")]
    public void Names_and_passwords_are_prepared_as_RFC_4013_has_it(string text, string prepared) => Assert.Equal(prepared, SaslPrep.Apply(text));

    [Fact]
    public void XOAUTH2_and_OAUTHBEARER_carry_the_token()
    {
        using var first = new XOAuth2Mechanism(Token);
        Assert.Equal("user=someuser@example.com\u0001auth=Bearer ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg\u0001\u0001", Encoding.ASCII.GetString(first.Initial()));
        Assert.Empty(first.Respond("{\"status\":\"401\"}"u8.ToArray()));
        using var second = new OAuthBearerMechanism(Token, "server.example.com", 587);
        Assert.Equal(
            "n,a=someuser@example.com,\u0001host=server.example.com\u0001port=587\u0001auth=Bearer ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg\u0001\u0001",
            Encoding.ASCII.GetString(second.Initial()));
        Assert.Equal([1], second.Respond("{\"status\":\"invalid_token\"}"u8.ToArray()));
        Assert.Contains("invalid_token", second.Complaint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PLAIN LOGIN", false, "Plain")]
    [InlineData("LOGIN", false, "Login")]
    [InlineData("LOGIN CRAM-MD5 PLAIN", false, "CramMd5 Plain")]
    [InlineData("PLAIN SCRAM-SHA-1 SCRAM-SHA-256 CRAM-MD5", false, "ScramSha256 Plain")]
    [InlineData("SCRAM-SHA-1 NTLM", false, "ScramSha1")]
    [InlineData("NTLM GSSAPI", false, "")]
    [InlineData("PLAIN XOAUTH2", true, "XOAuth2")]
    [InlineData("xoauth2 oauthbearer", true, "OAuthBearer")]
    [InlineData("PLAIN XOAUTH2", false, "Plain")]
    public void Auto_takes_the_strongest_that_is_offered(string offered, bool isToken, string choice)
    {
        var capabilities = SmtpCapabilities.Parse(new SmtpReply(250, "fake", [$"AUTH {offered}"]));
        Assert.Equal(choice, string.Join(' ', SaslChoice.For(SmtpAuth.Auto, isToken, capabilities)));
    }

    static string Say(SaslMechanism mechanism, string challenge) => Encoding.UTF8.GetString(mechanism.Respond(Encoding.UTF8.GetBytes(challenge)));
}
