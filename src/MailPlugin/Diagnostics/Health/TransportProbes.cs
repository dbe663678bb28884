using MailPlugin.Diagnostics.Doctor;
using MailPlugin.Security.Outbound;
using MailPlugin.Settings;
using MailPlugin.Transports.Php;
using MailPlugin.Transports.Sendmail;
using MailPlugin.Transports.Smtp;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Diagnostics.Health;

/// <summary>
/// Whether each way out is there, seen without sending anything. However many ask, one look at a time is made of each transport, and what it showed is good for a while: longer when it was good,
/// so that a mended relay is seen soon and a sound one is left alone.
/// </summary>
internal sealed partial class TransportProbes(OutboundPolicy policy, PhpInspector php, TimeProvider clock, ILogger<TransportProbes> logger)
{
    static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(60);
    static readonly TimeSpan BadFor = TimeSpan.FromSeconds(15);
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>A monitor that waits five seconds must not take a slow relay for a dead host.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    readonly Lock _gate = new();
    readonly Dictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <summary>What a look shows, or showed the time before while it is still being made; null when nothing is known yet.</summary>
    public async Task<ProbeResult?> LookAsync(TransportSettings transport, CancellationToken cancellationToken)
    {
        Known known;
        lock (_gate)
        {
            var before = _known.GetValueOrDefault(transport.Id) is { } last && last.Transport == transport ? last : null;
            known = before is not null && !IsOver(before) ? before : new(transport, Task.Run(() => ProbeAsync(transport), CancellationToken.None), before?.Latest);
            _known[transport.Id] = known;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(known.Look, Task.Delay(Patience, clock, limit.Token));
        await limit.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return known.Latest;
    }

    bool IsOver(Known known) => known.Look.IsCompleted && known.Latest is { } result && clock.GetUtcNow() - result.At is var age && (age > (result.Ok ? GoodFor : BadFor) || age < TimeSpan.Zero);

    async Task<ProbeResult> ProbeAsync(TransportSettings transport)
    {
        var begun = clock.GetTimestamp();
        string? problem;
        try
        {
            problem = await ProblemOfAsync(transport);
        }
        catch (Exception fault)
        {
            LogFailed(transport.Id, fault);
            problem = "could not be looked at";
        }

        return new(clock.GetUtcNow(), problem is null, Math.Round(clock.GetElapsedTime(begun).TotalMilliseconds), problem);
    }

    async Task<string?> ProblemOfAsync(TransportSettings transport) => transport switch
    {
        { Smtp: { } smtp } => (await RelayProbe.LookAsync(smtp, policy, Longest, clock))?.Detail,
        { Php: not null } => (await php.LookAsync(transport))?.Problem,
        { Sendmail: { } sendmail } => ProblemOf(sendmail.Path),
        { Qmail: { } qmail } => ProblemOf(MailArguments.QmailPath(qmail.Path)),
        _ => null,
    };

    static string? ProblemOf(string program) => ProgramLook.At(program).Trouble is { } trouble ? $"{program} cannot be run: {Http.Binding.EnumText.Of(trouble)}" : null;

    [LoggerMessage(EventId = 1361, Level = LogLevel.Error, Message = "Transport {Transport} could not be looked at")]
    partial void LogFailed(string transport, Exception fault);

    sealed record Known(TransportSettings Transport, Task<ProbeResult> Look, ProbeResult? Before)
    {
        public ProbeResult? Latest => Look.IsCompletedSuccessfully ? Look.Result : Before;
    }
}

/// <param name="Problem">Null when nothing speaks against it.</param>
internal sealed record ProbeResult(DateTimeOffset At, bool Ok, double DurationMs, string? Problem);
