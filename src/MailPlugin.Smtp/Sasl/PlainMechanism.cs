using System.Text;

namespace MailPlugin.Smtp;

/// <summary>PLAIN (RFC 4616).</summary>
internal sealed class PlainMechanism(SmtpCredentials credentials) : SaslMechanism
{
    internal override string Name => "PLAIN";

    internal override byte[] Initial() => Encoding.UTF8.GetBytes($"\0{credentials.UserName}\0{credentials.Secret.Value}");

    internal override byte[] Respond(byte[] challenge) => Initial();
}
