using System.Diagnostics;
using System.Globalization;
using System.Text;
using MailPlugin.TestBed;

namespace MailPlugin.Benchmarks;

/// <summary>smtp-sink that says how many messages it has: what has arrived is told by nobody else than who received it.</summary>
internal sealed class CountingSink : IAsyncDisposable
{
    readonly Process _process;
    readonly Task _reading;
    long _messages;

    CountingSink(Process process, int port)
    {
        _process = process;
        Port = port;
        _reading = ReadAsync();
    }

    public int Port { get; }

    public long Messages => Interlocked.Read(ref _messages);

    public static async Task<CountingSink> StartAsync()
    {
        var port = FreePort.Next();
        string[] user = Environment.IsPrivilegedProcess ? ["-u", "nobody"] : [];
        var process = Process.Start(new ProcessStartInfo("/usr/sbin/smtp-sink", [.. user, "-c", $"127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}", "1000"]) { RedirectStandardOutput = true })!;
        while (FreePort.Listeners(port) == 0)
        {
            await Task.Delay(10);
        }

        return new(process, port);
    }

    /// <summary>Waits until it has so many in all, and answers the time that went by since a start.</summary>
    public async Task<TimeSpan> WaitAsync(long messages, Stopwatch since, TimeSpan patience)
    {
        while (Messages < messages)
        {
            if (since.Elapsed > patience)
            {
                throw new TimeoutException($"{Messages} of {messages} messages arrived.");
            }

            await Task.Delay(1);
        }

        return since.Elapsed;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    // It writes "sess=1 quit=0 mesg=17" and a carriage return, again after each event.
    async Task ReadAsync()
    {
        var stream = _process.StandardOutput.BaseStream;
        var buffer = new byte[65536];
        var kept = 0;
        while (await stream.ReadAsync(buffer.AsMemory(kept)) is var length and > 0)
        {
            var text = Encoding.ASCII.GetString(buffer, 0, kept + length);
            var end = text.LastIndexOf('\r');
            var start = end < 0 ? -1 : text.LastIndexOf("mesg=", end, StringComparison.Ordinal);
            if (start >= 0)
            {
                var digits = new string([.. text.AsSpan(start + 5).ToArray().TakeWhile(char.IsAsciiDigit)]);
                Interlocked.Exchange(ref _messages, long.Parse(digits, CultureInfo.InvariantCulture));
            }

            kept = Math.Min(200, kept + length);
            Encoding.ASCII.GetBytes(text.AsSpan(text.Length - kept), buffer);
        }
    }
}
