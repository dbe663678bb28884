using System.Globalization;
using MailPlugin.Tests.Crash;
using MailPlugin.Tests.Storage.Moving;
using MailPlugin.Tests.Transports.Programs;

// A second process of this program: those that end themselves in the middle of a transaction, and one that counts what it has open.
return args switch
{
    ["crash", var what, var folder, var point, var port] => await CrashChild.RunAsync(what, folder, int.Parse(point, CultureInfo.InvariantCulture), int.Parse(port, CultureInfo.InvariantCulture)),
    [MoveChild.Mode, var folder, var store, var point] => await MoveChild.RunAsync(folder, store, int.Parse(point, CultureInfo.InvariantCulture)),
    [FailingStarts.Mode, var path] => await FailingStarts.RunAsync(path),
    _ => 0,
};
