namespace MailPlugin.Transports.Php;

/// <summary>What <c>mail.php</c> ends with, beside 0. Codes that nobody else uses: PHP's own trouble is 255.</summary>
internal static class PhpExit
{
    /// <summary>mail() returned false: the program behind <c>sendmail_path</c> ended with any code but 0, and PHP keeps to itself which.</summary>
    public const int SaidNo = 211;

    /// <summary>There is no mail(): <c>disable_functions</c>.</summary>
    public const int NoMail = 212;

    /// <summary>The input was cut off.</summary>
    public const int NotWhole = 213;

    /// <summary>mail() threw: an argument was not to its liking.</summary>
    public const int Threw = 214;
}
