using MailPlugin.Transports;

namespace MailPlugin.Diagnostics.Causes;

/// <summary>From what was seen to the cause: the same for a test, a diagnosis and whoever asks later.</summary>
internal static class CauseFinder
{
    public static Cause Of(Evidence seen) => seen switch
    {
        { Stage: TransportStage.Program } => ReplyCauses.Known(seen) ?? ProgramCauses.Of(seen),
        { IsUncertain: true } => CauseCatalog.Uncertain(),
        { Fault: { } fault } when seen.Transport.Smtp is { } smtp => SessionCauses.Of(fault, smtp, seen),
        _ => ReplyCauses.Of(seen),
    };
}
