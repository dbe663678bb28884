using System.Text;

namespace MailPlugin.Smtp;

/// <summary>OAUTHBEARER (RFC 7628): a failure comes as a challenge with JSON that wants a lone control-A.</summary>
internal sealed class OAuthBearerMechanism(SmtpCredentials credentials, string host, int port) : SaslMechanism
{
    string? _complaint;

    internal override string Name => "OAUTHBEARER";

    internal override string? Complaint => _complaint;

    internal override byte[] Initial()
    {
        var user = credentials.UserName.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes($"n,a={user},\u0001host={host}\u0001port={port}\u0001auth=Bearer {credentials.Secret.Value}\u0001\u0001");
    }

    internal override byte[] Respond(byte[] challenge)
    {
        if (challenge.Length == 0)
        {
            return Initial();
        }

        _complaint = ServerText.Decode(challenge);
        return [1];
    }
}
