using System.Globalization;
using MailPlugin.Tests.Crash;

// "crash": a second process of this program, which ends itself in the middle of a transaction.
return args is ["crash", var what, var folder, var point, var port] ? await CrashChild.RunAsync(what, folder, int.Parse(point, CultureInfo.InvariantCulture), int.Parse(port, CultureInfo.InvariantCulture)) : 0;
