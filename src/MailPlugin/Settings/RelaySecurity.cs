namespace MailPlugin.Settings;

/// <summary>What <c>auto</c> means for a relay, and which of two ways protects a password less.</summary>
internal static class RelaySecurity
{
    const int ImplicitTlsPort = 465;

    /// <summary>The choice with <see cref="SmtpSecurityChoice.Auto"/> put into one of the others.</summary>
    public static SmtpSecurityChoice Effective(SmtpSettings smtp)
    {
        if (smtp.Security != SmtpSecurityChoice.Auto)
        {
            return smtp.Security;
        }

        if (smtp.Port == ImplicitTlsPort)
        {
            return SmtpSecurityChoice.ImplicitTls;
        }

        return IsLoopback(smtp.Host) && smtp.Login is null ? SmtpSecurityChoice.StartTlsIfOffered : SmtpSecurityChoice.StartTls;
    }

    /// <summary>Whether TLS is required and the certificate checked: only then a password is safe without further ado.</summary>
    public static bool IsRequired(SmtpSettings smtp) => Effective(smtp) is SmtpSecurityChoice.StartTls or SmtpSecurityChoice.ImplicitTls;

    /// <summary>Whether a password saved for one would be protected less by the other.</summary>
    public static bool IsWeaker(SmtpSettings now, SmtpSettings before) =>
        Rank(now) < Rank(before)
        || string.CompareOrdinal(now.MinimumTls, before.MinimumTls) < 0
        || (now.AllowPlaintextAuth && !before.AllowPlaintextAuth)
        || Shield(now.Auth) < Shield(before.Auth);

    static int Rank(SmtpSettings smtp) => Effective(smtp) switch
    {
        SmtpSecurityChoice.None => 0,
        SmtpSecurityChoice.StartTlsIfOffered => 1,
        _ => 2,
    };

    /// <summary>
    /// How well a method itself hides the password from whoever reads along. <c>auto</c> may choose one that shows it, so going from it to
    /// one is no step down; going from a challenge to one is, and so is going to a challenge whose answer is quickly guessed.
    /// </summary>
    static int Shield(SmtpAuthChoice auth) => auth switch
    {
        SmtpAuthChoice.None => 4,
        SmtpAuthChoice.ScramSha256 => 3,
        SmtpAuthChoice.ScramSha1 => 2,
        SmtpAuthChoice.CramMd5 or SmtpAuthChoice.Ntlm => 1,
        _ => 0,
    };

    /// <summary>Whether it is this machine, by its name or address.</summary>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (System.Net.IPAddress.TryParse(host, out var address) && System.Net.IPAddress.IsLoopback(address));
}
