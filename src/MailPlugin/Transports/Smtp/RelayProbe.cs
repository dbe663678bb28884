using MailPlugin.Security.Outbound;
using MailPlugin.Settings;
using MailPlugin.Smtp;

namespace MailPlugin.Transports.Smtp;

/// <summary>Looks whether a relay is there and is what the settings say, as far as that can be seen without signing in: every minute a login would be one too many for some.</summary>
internal static class RelayProbe
{
    /// <returns>Null when it greets and, where it has to, can be spoken to under TLS.</returns>
    public static async Task<TransportFault?> LookAsync(SmtpSettings settings, OutboundPolicy policy, TimeSpan longest, TimeProvider clock)
    {
        var relay = RelayOf.Settings(settings, policy) with { Credentials = null };
        using var limit = new CancellationTokenSource(longest, clock);
        try
        {
            var session = await SmtpSession.ConnectAsync(relay, null, clock, limit.Token);
            await new RelaySession(session, null).EndAsync();
            return null;
        }
        catch (SmtpException fault)
        {
            return FaultOf.Exception(fault);
        }
        catch (OperationCanceledException)
        {
            return new(TransportStage.Connect, TransportFaultKind.Timeout, $"not ready within {longest.TotalSeconds} s");
        }
    }
}
