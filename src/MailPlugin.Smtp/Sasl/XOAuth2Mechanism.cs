using System.Text;

namespace MailPlugin.Smtp;

/// <summary>XOAUTH2: the token in one go; a failure comes as a challenge with JSON that wants an empty answer.</summary>
internal sealed class XOAuth2Mechanism(SmtpCredentials credentials) : SaslMechanism
{
    string? _complaint;

    internal override string Name => "XOAUTH2";

    internal override string? Complaint => _complaint;

    internal override byte[] Initial() => Encoding.UTF8.GetBytes($"user={credentials.UserName}\u0001auth=Bearer {credentials.Secret.Value}\u0001\u0001");

    internal override byte[] Respond(byte[] challenge)
    {
        if (challenge.Length == 0)
        {
            return Initial();
        }

        _complaint = ServerText.Decode(challenge);
        return [];
    }
}
