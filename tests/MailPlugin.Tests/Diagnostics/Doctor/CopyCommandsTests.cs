using System.Diagnostics;
using System.Text.Json.Nodes;
using MailPlugin.Diagnostics.Doctor;
using MailPlugin.Diagnostics.TestMail;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Diagnostics.Doctor;

public sealed class CopyCommandsTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("it's")]
    [InlineData("'; touch /tmp/pwned; '")]
    [InlineData("$(id)`id`${HOME}\\$x!!*?[a]~&|<>#\"")]
    [InlineData("用户 名")]
    public async Task A_shell_gives_every_value_to_the_program_as_it_is(string user)
    {
        // The program's place is taken by one that shows what it was given.
        var words = await ShellAsync($"swaks() {{ printf '%s\\n' \"$@\"; }}; {Swaks(user)}");

        Assert.Equal(user, words[Array.IndexOf(words, "--auth-user") + 1]);
        Assert.Equal("smtp.example.com", words[Array.IndexOf(words, "--server") + 1]);
        Assert.Equal(14, words.Length);
    }

    [Fact]
    public void A_password_is_in_no_command() => Assert.DoesNotContain(For("user"), command => command.Contains("p4ss", StringComparison.Ordinal));

    [Fact]
    public void A_value_that_a_program_would_take_for_an_option_is_not_handed_over() => Assert.DoesNotContain(For("--dump"), command => command.StartsWith("swaks", StringComparison.Ordinal));

    [Fact]
    public void An_address_has_brackets_and_no_name_to_verify()
    {
        var command = For("user", smtp => smtp["host"] = "2001:db8::1")[0];

        Assert.Contains("-connect '[2001:db8::1]:587' -starttls smtp -showcerts", command, StringComparison.Ordinal);
    }

    static string Swaks(string user) => For(user).Single(command => command.StartsWith("swaks", StringComparison.Ordinal));

    static IReadOnlyList<string> For(string user, Action<JsonObject>? change = null)
    {
        var settings = Bodies.Stored(Bodies.Smtp(smtp =>
        {
            smtp["username"] = user;
            change?.Invoke(smtp);
        }));
        return CopyCommands.For(new TestTarget(settings, settings.Transports[0], IsDraft: false, settings.AdminAddress, settings.From), settings.Transports[0].Smtp!);
    }

    static async Task<string[]> ShellAsync(string script)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardOutput = true })!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var output = await shell.StandardOutput.ReadToEndAsync(patience.Token);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
