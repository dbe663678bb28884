using System.Net;
using System.Net.Security;

namespace MailPlugin.Smtp;

/// <summary>
/// NTLM (MS-NLMP, MS-SMTPNTLM) by the framework's managed implementation. On Linux the framework offers it only while the switch
/// <c>System.Net.Security.UseManagedNtlm</c> is on, which counts for the whole process: it is set when this mechanism is first used and
/// never before.
/// </summary>
internal sealed class NtlmMechanism : SaslMechanism
{
    readonly NegotiateAuthentication _ntlm;

    internal NtlmMechanism(SmtpCredentials credentials)
    {
        if (!OperatingSystem.IsWindows())
        {
            AppContext.SetSwitch("System.Net.Security.UseManagedNtlm", true);
        }

        var parts = credentials.UserName.Split('\\', 2);
        _ntlm = new NegotiateAuthentication(new NegotiateAuthenticationClientOptions
        {
            Package = "NTLM",
            Credential = parts.Length == 2
                ? new NetworkCredential(parts[1], credentials.Secret.Value, parts[0])
                : new NetworkCredential(credentials.UserName, credentials.Secret.Value),
        });
    }

    internal override string Name => "NTLM";

    internal override byte[] Initial() => Next([]);

    internal override byte[] Respond(byte[] challenge) => Next(challenge);

    public override void Dispose()
    {
        _ntlm.Dispose();
        base.Dispose();
    }

    byte[] Next(byte[] challenge)
    {
        var answer = _ntlm.GetOutgoingBlob(challenge, out var status);
        return status is NegotiateAuthenticationStatusCode.Completed or NegotiateAuthenticationStatusCode.ContinueNeeded
            ? answer ?? []
            : throw new SaslException($"NTLM cannot go on: {status}.");
    }
}
