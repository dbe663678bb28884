namespace MailPlugin.Transports.Programs;

/// <summary>The exit codes that mail programs agree on: sysexits.h, and qmail's two.</summary>
internal static class Sysexits
{
    public const int Usage = 64, DataError = 65, NoUser = 67, Temporary = 75, NoPermission = 77, Configuration = 78;
    public const int QmailPermanent = 100, QmailTemporary = 111;

    public static string? NameOf(int code) => code switch
    {
        Usage => "EX_USAGE",
        DataError => "EX_DATAERR",
        66 => "EX_NOINPUT",
        NoUser => "EX_NOUSER",
        68 => "EX_NOHOST",
        69 => "EX_UNAVAILABLE",
        70 => "EX_SOFTWARE",
        71 => "EX_OSERR",
        72 => "EX_OSFILE",
        73 => "EX_CANTCREAT",
        74 => "EX_IOERR",
        Temporary => "EX_TEMPFAIL",
        76 => "EX_PROTOCOL",
        NoPermission => "EX_NOPERM",
        Configuration => "EX_CONFIG",
        QmailPermanent => "qmail: permanent",
        QmailTemporary => "qmail: temporary",
        126 => "cannot be run",
        127 => "not found",
        _ => null,
    };
}
