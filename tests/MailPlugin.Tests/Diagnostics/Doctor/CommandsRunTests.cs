using System.Diagnostics;
using System.Text;
using MailPlugin.TestBed;

namespace MailPlugin.Tests.Diagnostics.Doctor;

/// <summary>The commands that a diagnosis gives to copy, run as they stand by a shell, with the real programs, against a real server.</summary>
public sealed class CommandsRunTests(Drill drill) : IClassFixture<Drill>
{
    [ServerTheory(Server.Postfix, Server.OpenSsl, Server.Swaks)]
    [InlineData("startTls")]
    [InlineData("implicitTls")]
    [InlineData("startTlsIfOffered")]
    public async Task Openssl_and_swaks_connect_check_the_certificate_sign_in_and_send_nothing(string security)
    {
        await using var postfix = await PostfixServer.StartAsync(new() { Password = Drill.Password });
        var finding = await drill.DiagnoseAsync(Drill.Draft(security == "implicitTls" ? postfix.TlsPort : postfix.SubmissionPort, smtp =>
        {
            Drill.SignIn(smtp);
            smtp["security"] = security;
            smtp["allowPlaintextAuth"] = security == "startTlsIfOffered";
        }));
        Assert.Equal("none", finding.Cause);
        using var folder = new TempFolder();
        var (openssl, swaks) = Commands(finding);

        var handshake = await RunAsync(openssl, folder);
        Assert.Equal(0, handshake.ExitCode);
        Assert.Contains("-----BEGIN CERTIFICATE-----", handshake.Output, StringComparison.Ordinal);
        Assert.Contains("Verify return code: 0 (ok)", handshake.Output, StringComparison.Ordinal);

        var talk = await RunAsync(swaks, folder, Drill.Password);
        Assert.True(talk.ExitCode == 0, talk.Output);
        Assert.Contains("235 2.7.0", talk.Output, StringComparison.Ordinal);
        Assert.Contains("RCPT TO:<admin@test.example>", talk.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("DATA", talk.Output, StringComparison.Ordinal);
    }

    [ServerFact(Server.Swaks)]
    public async Task A_relay_in_plain_text()
    {
        await using var relay = new HostileRelay();
        using var folder = new TempFolder();
        var finding = await drill.DiagnoseAsync(Drill.Draft(relay.Port, smtp => smtp["security"] = "none"));

        var talk = await RunAsync(Commands(finding).Swaks, folder);
        Assert.True(talk.ExitCode == 0, talk.Output);
        Assert.Contains("RCPT TO:<admin@test.example>", talk.Output, StringComparison.Ordinal);
    }

    [ServerFact(Server.Postfix, Server.Swaks)]
    public async Task A_user_name_that_is_a_command_stays_a_user_name()
    {
        await using var postfix = await PostfixServer.StartAsync(new() { Password = Drill.Password });
        using var folder = new TempFolder();
        const string Name = "'; touch pwned; $(touch pwned) `touch pwned` '";
        var finding = await drill.DiagnoseAsync(Drill.Draft(postfix.SubmissionPort, smtp =>
        {
            Drill.SignIn(smtp);
            smtp["username"] = Name;
        }));
        Assert.Equal("login-refused", finding.Cause);

        var talk = await RunAsync(Commands(finding).Swaks, folder, Drill.Password);
        Assert.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes(Name)), talk.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Of("pwned")));
    }

    static (string OpenSsl, string Swaks) Commands(Finding finding)
    {
        var commands = finding.Verdict["commands"]!.AsArray().Select(command => command!.GetValue<string>()).ToList();
        return (Assert.Single(commands, command => command.StartsWith("openssl ", StringComparison.Ordinal)), Assert.Single(commands, command => command.StartsWith("swaks ", StringComparison.Ordinal)));
    }

    /// <param name="command">For the shell.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="password">What is typed when it asks.</param>
    static async Task<(int ExitCode, string Output)> RunAsync(string command, TempFolder folder, string password = "")
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"{command} 2>&1"]) { RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = folder.Path };
        start.Environment["SSL_CERT_FILE"] = folder.Write("ca.pem", TestCertificates.Shared.AuthorityPem);
        using var shell = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            var output = shell.StandardOutput.ReadToEndAsync(patience.Token);
            await shell.StandardInput.WriteLineAsync(password.AsMemory(), patience.Token);
            shell.StandardInput.Close();
            await shell.WaitForExitAsync(patience.Token);
            return (shell.ExitCode, await output);
        }
        finally
        {
            if (!shell.HasExited)
            {
                shell.Kill(entireProcessTree: true);
            }
        }
    }
}
