using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace MailPlugin.Benchmarks;

/// <summary>The load programs of other people, each a process of its own.</summary>
internal static class ForeignLoad
{
    /// <summary>Postfix's smtp-source, sessions kept. Answers messages a second.</summary>
    public static async Task<double> SmtpSourceAsync(int port, int count, int bytes, int sessions)
    {
        var clock = Stopwatch.StartNew();
        await RunAsync(
            "/usr/sbin/smtp-source", "-d", "-s", Text(sessions), "-m", Text(count), "-l", Text(bytes), "-f", LoadMail.Sender, "-t", LoadMail.Recipient, $"127.0.0.1:{Text(port)}");
        return count / clock.Elapsed.TotalSeconds;
    }

    /// <summary>nodemailer with a pool. Answers messages a second, its own start not counted, and its CPU time for one.</summary>
    /// <param name="raw">The bytes are given to it; else it composes them.</param>
    public static async Task<(double Rate, double CpuMicroseconds)> NodemailerAsync(int port, int count, int bytes, int sessions, bool raw)
    {
        if (!Directory.Exists(Path.Combine(Repository.Load, "node_modules", "nodemailer")))
        {
            throw new InvalidOperationException("nodemailer is missing: bash tests/MailPlugin.Benchmarks/prepare.sh fetches it.");
        }

        var script = Path.Combine(AppContext.BaseDirectory, "Node", "nodemailer.mjs");
        var output = await RunAsync("node", script, Repository.Load, Text(port), Text(count), Text(sessions), Text(bytes), raw ? "raw" : "text");
        var figures = JsonDocument.Parse(output).RootElement;
        return (count / figures.GetProperty("seconds").GetDouble(), figures.GetProperty("cpuSeconds").GetDouble() * 1e6 / count);
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    static async Task<string> RunAsync(string program, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await errors}");
    }
}
