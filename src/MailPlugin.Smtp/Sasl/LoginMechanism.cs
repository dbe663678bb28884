using System.Text;

namespace MailPlugin.Smtp;

/// <summary>LOGIN: asks for the name, then for the password, whatever the prompts say.</summary>
internal sealed class LoginMechanism(SmtpCredentials credentials) : SaslMechanism
{
    int _asked;

    internal override string Name => "LOGIN";

    internal override byte[] Respond(byte[] challenge) => ++_asked switch
    {
        1 => Encoding.UTF8.GetBytes(credentials.UserName),
        2 => Encoding.UTF8.GetBytes(credentials.Secret.Value),
        _ => throw new SaslException("The server asked for more than a name and a password."),
    };
}
