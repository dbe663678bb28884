using System.Collections.Concurrent;
using System.Text.Json;
using MailPlugin.Settings;
using MailPlugin.Transports.Programs;

namespace MailPlugin.Transports.Php;

/// <summary>Asks PHP what it is and how it would send. An answer is good for a minute: whoever looks at the transports looks often, and starts a program at most once in that time.</summary>
internal sealed class PhpInspector(ProgramRunner runner, TimeProvider clock)
{
    const int MostKept = 64;
    static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(1);
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    readonly ConcurrentDictionary<PhpSettings, (Task<PhpReport> Report, long At)> _known = new();

    /// <summary>Null where the transport is of another mode.</summary>
    /// <param name="transport">Whose PHP.</param>
    /// <param name="afresh">An earlier answer will not do: somebody may just have changed php.ini.</param>
    public async Task<PhpReport?> LookAsync(TransportSettings transport, bool afresh = false) => transport.Php is { } php ? await LookAsync(php, afresh) : null;

    Task<PhpReport> LookAsync(PhpSettings settings, bool afresh)
    {
        if (!afresh && _known.TryGetValue(settings, out var known) && clock.GetElapsedTime(known.At) < GoodFor)
        {
            return known.Report;
        }

        if (_known.Count >= MostKept)
        {
            _known.Clear();
        }

        var report = AskAsync(settings);
        _known[settings] = (report, clock.GetTimestamp());
        return report;
    }

    async Task<PhpReport> AskAsync(PhpSettings settings)
    {
        var command = new ProgramCommand(settings.Path, PhpScript.Arguments(settings, PhpScript.Inspect)) { Timeout = Longest };
        using var limit = new CancellationTokenSource(Longest, clock);
        var result = await runner.RunAsync(command, default, limit.Token);
        return Read(result) ?? new PhpReport(null, null, null, ProgramOutcome.Describe(settings.Path, result));
    }

    static PhpReport? Read(ProgramResult result)
    {
        if (result.ExitCode != 0 || result.Output.LastIndexOf('{') is not (>= 0 and var start))
        {
            return null;
        }

        try
        {
            var answer = JsonSerializer.Deserialize<Answer>(result.Output[start..], Json);
            return answer is null ? null : new(answer.Version, answer.SendmailPath, answer.IniFile, answer.HasMail ? null : "disable_functions in php.ini names mail()");
        }
        catch (JsonException)
        {
            return null;
        }
    }

    sealed record Answer(string Version, string SendmailPath, string? IniFile, bool HasMail);
}

/// <summary>A PHP and how its mail() would send.</summary>
/// <param name="SendmailPath">What php.ini, or PHP itself, says to run.</param>
/// <param name="IniFile">The php.ini in force.</param>
/// <param name="Problem">Why it cannot be used; null when it can.</param>
internal sealed record PhpReport(string? Version, string? SendmailPath, string? IniFile, string? Problem);
