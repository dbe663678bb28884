using MailPlugin.Options;
using MailPlugin.Storage.Postgres;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Storage;

public sealed class PostgresTargetTests
{
    const string Password = "hunter2-canary";

    [Theory]
    [InlineData($"postgres://mail:{Password}@db.example.com/mail?sslmode=require")]
    [InlineData($"Host=db.example.com;Password={Password};Colour=red")]
    [InlineData($"Host=db.example.com;Password={Password};Port=many")]
    [InlineData($"Host=db.example.com;Password={Password};Timeout=-9999999999999")]
    [InlineData($"Username=mail;Password={Password}")]
    [InlineData(Password)]
    [InlineData($"={Password};;=")]
    public void What_is_no_connection_string_is_refused_by_the_options_name_and_not_repeated(string text)
    {
        var fault = Assert.Throws<InvalidOptionException>(() => Read(text));

        Assert.StartsWith("MailPlugin:Store must", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void Without_it_the_store_is_a_file(string? text) => Assert.Null(Read(text));

    [Fact]
    public void What_somebody_wrote_stays_and_the_rest_is_bounded()
    {
        using var written = Read($"Host=a;Database=mail;Password={Password};Timeout=20;Search Path=post")!.NewConnection();
        using var plain = Read("Host=a,b;Database=mail")!.NewConnection();

        Assert.Equal(20, written.ConnectionTimeout);
        Assert.Contains("Search Path=post;", written.ConnectionString + ";", StringComparison.Ordinal);
        Assert.Equal((3, TimeSpan.FromSeconds(5)), (plain.ConnectionTimeout, Read("Host=a,b;Database=mail")!.Patience));
        Assert.Contains("Target Session Attributes=read-write", plain.ConnectionString, StringComparison.Ordinal);
        Assert.Contains("Pooling=False", plain.ConnectionString, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_would_wait_for_ever_is_refused() => Assert.Throws<InvalidOptionException>(() => Read("Host=a;Database=mail;Command Timeout=0"));

    [Fact]
    public void It_names_the_place_and_keeps_the_password_to_itself()
    {
        var target = Read($"Host=db.example.com;Database=mail;Username=mail;Password={Password}")!;

        Assert.Equal("db.example.com/mail", target.ToString());
    }

    static PostgresTarget? Read(string? text) => PostgresTarget.Read(Plugin.Options(new() { ["Store"] = text }));
}
