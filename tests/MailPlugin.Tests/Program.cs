using System.Globalization;
using MailPlugin.Tests.Crash;
using MailPlugin.Tests.Transports.Programs;

// A second process of this program: one that ends itself in the middle of a transaction, one that counts what it has open.
return args switch
{
    ["crash", var what, var folder, var point, var port] => await CrashChild.RunAsync(what, folder, int.Parse(point, CultureInfo.InvariantCulture), int.Parse(port, CultureInfo.InvariantCulture)),
    [FailingStarts.Mode, var path] => await FailingStarts.RunAsync(path),
    _ => 0,
};
