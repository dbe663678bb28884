using System.Text.Json.Nodes;
using System.Threading.Channels;
using MailPlugin.Http;

namespace MailPlugin.Diagnostics.Doctor;

/// <summary>What an examination has found until now: every step goes on to whoever listens, and is kept.</summary>
internal sealed class Findings(string id, DateTimeOffset at, string transport, bool isDraft, TimeProvider clock)
{
    readonly Channel<object> _told = Channel.CreateUnbounded<object>(new() { SingleReader = true });
    readonly List<DiagnosisStep> _steps = [];
    Verdict? _verdict;

    public string Id => id;

    /// <summary>Steps and, last, the verdict, as they come.</summary>
    public IAsyncEnumerable<object> AsTheyCome => _told.Reader.ReadAllAsync();

    public long Mark() => clock.GetTimestamp();

    public bool Has(string step)
    {
        lock (_steps)
        {
            return _steps.Exists(done => done.Step == step);
        }
    }

    public bool HasFailed(string step)
    {
        lock (_steps)
        {
            return _steps.Exists(done => done.Step == step && done.Outcome == StepOutcome.Failed);
        }
    }

    /// <param name="since">When it was begun, by <see cref="Mark"/>.</param>
    public void Add(string step, string? target, StepOutcome outcome, long since, LocalizedText detail, JsonObject? data = null) =>
        Add(new(step, target, outcome, (long)clock.GetElapsedTime(since).TotalMilliseconds, detail) { Data = data });

    public void Skip(string step, string? target, LocalizedText detail) => Add(new(step, target, StepOutcome.Skipped, 0, detail));

    /// <summary>The last word. Nothing is added after it.</summary>
    /// <param name="since">When the examination was begun, by <see cref="Mark"/>.</param>
    public void Conclude(Verdict verdict, long since)
    {
        verdict = verdict with { DurationMs = (long)clock.GetElapsedTime(since).TotalMilliseconds };
        lock (_steps)
        {
            _verdict = verdict;
        }

        _told.Writer.TryWrite(verdict);
        _told.Writer.TryComplete();
    }

    /// <summary>Broken off: there is no verdict.</summary>
    public void BreakOff() => _told.Writer.TryComplete();

    public Diagnosis ToDiagnosis()
    {
        lock (_steps)
        {
            return new(id, at, transport, isDraft, [.. _steps], _verdict);
        }
    }

    void Add(DiagnosisStep step)
    {
        lock (_steps)
        {
            _steps.Add(step);
        }

        _told.Writer.TryWrite(step);
    }
}
