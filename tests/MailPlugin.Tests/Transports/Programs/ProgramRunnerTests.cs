using System.Globalization;
using System.IO.Pipes;
using System.Text;
using MailPlugin.TestBed;
using MailPlugin.Tests.Support;
using MailPlugin.Transports.Programs;

namespace MailPlugin.Tests.Transports.Programs;

/// <summary>Whatever a program does, its run ends, and says how.</summary>
public sealed class ProgramRunnerTests : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly TempFolder _folder = new();
    readonly ProgramPlaces _places = new();

    public void Dispose()
    {
        _places.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_gets_its_input_whole_and_its_exit_code_and_words_come_back()
    {
        var path = Script.Write(_folder, "program", $"cat >{Script.Quote(_folder.Of("in"))}; echo said; echo complained >&2; exit 75");

        var result = await RunAsync(path, input: "one\ntwo\n");

        Assert.Equal((ProgramEnd.Exited, 75, "said", "complained", true), (result.End, result.ExitCode, result.Output, result.Error, result.WasReadWhole));
        Assert.Equal("one\ntwo\n", await File.ReadAllTextAsync(_folder.Of("in")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(5_000_000)]
    public async Task An_input_of_any_size_arrives_byte_for_byte(int size)
    {
        var input = new byte[size];
        new Random(size).NextBytes(input);
        var path = Script.Write(_folder, "program", $"sleep 0.1; cat >{Script.Quote(_folder.Of("in"))}");

        var result = await Runner.RunAsync(new(path, []) { Timeout = Patience }, input, CancellationToken.None);

        Assert.Equal((ProgramEnd.Exited, 0, true), (result.End, result.ExitCode, result.WasReadWhole));
        Assert.Equal(input, await File.ReadAllBytesAsync(_folder.Of("in")));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(5_000_000)]
    public async Task A_program_that_reads_nothing_neither_hangs_nor_seems_to_have_taken_it(int size)
    {
        var path = Script.Write(_folder, "program", "exit 0");

        var result = await Runner.RunAsync(new(path, []) { Timeout = Patience }, new byte[size], CancellationToken.None).WaitAsync(Patience);

        Assert.Equal((ProgramEnd.Exited, 0, false), (result.End, result.ExitCode, result.WasReadWhole));
    }

    [Fact]
    public async Task A_program_that_reads_only_the_beginning_has_not_taken_it()
    {
        var path = Script.Write(_folder, "program", "head -c 100 >/dev/null; exit 0");

        Assert.False((await Runner.RunAsync(new(path, []) { Timeout = Patience }, new byte[200_000], CancellationToken.None)).WasReadWhole);
    }

    [Theory]
    [InlineData("-oQ/tmp")]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("'\"$(touch /tmp/x)`id`\\")]
    [InlineData("line\nbreak")]
    [InlineData("*;|&<>")]
    [InlineData("ä😀")]
    public async Task An_argument_arrives_as_it_is(string argument)
    {
        using var program = new RecordingSendmail();

        await RunAsync(program.Path, ["-i", argument, "--"]);

        Assert.Equal(["-i", argument, "--"], Assert.Single(program.Runs).Arguments);
    }

    [Fact]
    public async Task A_timeout_ends_the_program_its_children_and_its_orphans()
    {
        var pids = Script.Quote(_folder.Of("pids"));
        var path = Script.Write(_folder, "program", $$"""
            cat >/dev/null
            trap '' TERM
            echo $$ >>{{pids}}
            sleep 1001 & echo $! >>{{pids}}
            ( sleep 1002 & echo $! >>{{pids}} )
            setsid sh -c 'echo $$ >>{{pids.Trim('\'')}}; exec sleep 1003' &
            wait
            """);

        var result = await Runner.RunAsync(new(path, []) { Timeout = TimeSpan.FromSeconds(2) }, "x"u8.ToArray(), CancellationToken.None).WaitAsync(Patience);

        Assert.Equal((ProgramEnd.TimedOut, true), (result.End, result.WasReadWhole));
        var started = (await File.ReadAllLinesAsync(_folder.Of("pids"))).Select(line => int.Parse(line, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(4, started.Count);
        Assert.All(started, pid => Assert.False(IsAlive(pid), $"{pid} is still there"));
    }

    [Fact]
    public async Task A_cancellation_ends_it_too_and_one_that_read_nothing_cannot_have_the_message()
    {
        using var cancel = new CancellationTokenSource();
        var path = Script.Write(_folder, "program", $"echo $$ >{Script.Quote(_folder.Of("pid"))}; sleep 1000");
        var running = Runner.RunAsync(new(path, []) { Timeout = Patience }, new byte[300_000], cancel.Token);
        await Eventually.SeeAsync(() => File.Exists(_folder.Of("pid")) && new FileInfo(_folder.Of("pid")).Length > 0, "the program runs");

        await cancel.CancelAsync();
        var result = await running.WaitAsync(Patience);

        Assert.Equal((ProgramEnd.Canceled, false), (result.End, result.WasReadWhole));
        Assert.False(IsAlive(int.Parse(await File.ReadAllTextAsync(_folder.Of("pid")), CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task What_it_leaves_running_in_the_background_is_left_alone_and_not_waited_for()
    {
        var path = Script.Write(_folder, "program", $"cat >/dev/null; sleep 600 & echo $! >{Script.Quote(_folder.Of("pid"))}; exit 0");

        var result = await RunAsync(path).WaitAsync(Patience);

        Assert.Equal(0, result.ExitCode);
        var background = int.Parse(await File.ReadAllTextAsync(_folder.Of("pid")), CultureInfo.InvariantCulture);
        Assert.True(IsAlive(background));
        using var left = System.Diagnostics.Process.GetProcessById(background);
        left.Kill();
    }

    [Fact]
    public async Task A_gigabyte_of_output_is_read_and_not_kept()
    {
        var path = Script.Write(_folder, "program", "cat >/dev/null; head -c 1000000000 /dev/zero; head -c 1000000000 /dev/zero >&2; printf 'last words' >&2; exit 1");

        var result = await RunAsync(path);

        Assert.Equal(1, result.ExitCode);
        Assert.EndsWith("last words", result.Error, StringComparison.Ordinal);
        Assert.Contains("bytes left out", result.Error, StringComparison.Ordinal);
        Assert.InRange(result.Output.Length + result.Error.Length, 1, 200_000);
    }

    [Fact]
    public async Task What_was_said_before_the_end_is_heard_however_busy_the_host_is()
    {
        await using var pipe = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        await using var program = new AnonymousPipeClientStream(PipeDirection.Out, pipe.ClientSafePipeHandle);
        await program.WriteAsync("mail() returned true\n"u8.ToArray());
        var output = new ProgramOutput(pipe);

        // Nobody came to read, and a child of the program still has the pipe.
        await output.DrainAsync(new(canceled: true)).WaitAsync(Patience);
        Assert.Equal("", output.Text);
        output.TakeRest();

        Assert.Equal("mail() returned true", output.Text);
    }

    [Fact]
    public async Task Its_words_can_do_nothing_to_a_log_or_a_page()
    {
        var path = Script.Write(_folder, "program", """cat >/dev/null; printf 'a\033[31mred\007 \303\244 \342\200\256txt\r\nnext\000line\377\n\n' >&2; exit 1""");

        var result = await RunAsync(path);

        Assert.Equal("a\\u001B[31mred\\u0007 ä \\u202Etxt\nnext\\u0000line\uFFFD", result.Error);
    }

    [Fact]
    public async Task It_sees_nothing_of_the_hosts_environment_that_it_does_not_need()
    {
        Environment.SetEnvironmentVariable("MAILPLUGIN_TEST_SECRET", "s3cret");
        var path = Script.Write(_folder, "program", "cat >/dev/null; env; pwd; grep -E 'Sig(Ign|Blk)' /proc/self/status");

        var result = await RunAsync(path);

        Assert.DoesNotContain("s3cret", result.Output, StringComparison.Ordinal);
        Assert.Contains("PATH=", result.Output, StringComparison.Ordinal);
        var names = result.Output.Split('\n').Where(line => line.Contains('=', StringComparison.Ordinal)).Select(line => line.Split('=')[0]);
        Assert.Empty(names.Except(["PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "TZ", "TMPDIR", "PWD", "_", "SHLVL", "OLDPWD"]));
        Assert.Contains("\n/\n", result.Output, StringComparison.Ordinal);

        // The runtime ignores SIGPIPE, and an ignored signal is inherited. Above 31 the C library has two of its own.
        var signals = result.Output.Split('\n').Where(line => line.StartsWith("Sig", StringComparison.Ordinal)).Select(line => Convert.ToInt64(line.Split(' ')[1], 16)).ToList();
        Assert.Equal(2, signals.Count);
        Assert.All(signals, set => Assert.Equal(0, set & 0x7FFFFFFF));
    }

    [Fact]
    public async Task A_signal_that_ends_it_is_told()
    {
        var path = Script.Write(_folder, "program", "cat >/dev/null; kill -11 $$");

        var result = await RunAsync(path);

        Assert.Equal((ProgramEnd.Killed, 11, (int?)null), (result.End, result.Signal, result.ExitCode));
    }

    [Fact]
    public async Task What_cannot_be_started_says_why()
    {
        var folder = _folder.Of("folder");
        Directory.CreateDirectory(folder);
        var text = _folder.Write("text", "#!/bin/sh\n");
        var orphan = Script.WriteRaw(_folder, "orphan", "#!/no/such/interpreter\n");
        var windows = Script.WriteRaw(_folder, "windows", "#!/bin/sh\r\nexit 0\r\n");
        var junk = Script.WriteRaw(_folder, "junk", "junk\n");

        Assert.Equal(ProgramEnd.Missing, (await RunAsync(_folder.Of("nothing"))).End);
        Assert.Equal(ProgramEnd.Missing, (await RunAsync(text + "/below")).End);
        Assert.Equal(ProgramEnd.IsFolder, (await RunAsync(folder)).End);
        Assert.Equal(ProgramEnd.NotExecutable, (await RunAsync(text)).End);
        Assert.Equal(ProgramEnd.InterpreterMissing, (await RunAsync(orphan)).End);
        Assert.Equal(ProgramEnd.InterpreterMissing, (await RunAsync(windows)).End);
        Assert.Equal(ProgramEnd.NotAProgram, (await RunAsync(junk)).End);
    }

    [Fact]
    public async Task What_cannot_be_started_leaves_no_descriptor_open()
    {
        if (OperatingSystem.IsLinux())
        {
            Assert.InRange(await FailingStarts.CountAsync(_folder.Of("nothing")), -10, 10);
        }
    }

    [Fact]
    public async Task No_more_run_at_once_than_there_are_places()
    {
        var here = Script.Quote(_folder.Of("here"));
        Directory.CreateDirectory(_folder.Of("here"));
        var path = Script.Write(_folder, "program", $"cat >/dev/null; me=$(mktemp {here}/XXXXXX); ls {here} | wc -l; sleep 0.2; rm $me");

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => RunAsync(path)));

        Assert.All(results, result => Assert.Equal(("", 0), (result.Error, result.ExitCode)));
        Assert.InRange(results.Max(result => int.Parse(result.Output, CultureInfo.InvariantCulture)), 2, 20);
    }

    ProgramRunner Runner => new(_places, TimeProvider.System);

    Task<ProgramResult> RunAsync(string path, string[]? arguments = null, string input = "x\n") =>
        Runner.RunAsync(new(path, arguments ?? []) { Timeout = Patience }, Encoding.UTF8.GetBytes(input), CancellationToken.None);

    static bool IsAlive(int pid) =>
        Directory.Exists($"/proc/{pid}") && !File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1].StartsWith('Z');
}
