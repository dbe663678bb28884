using MailPlugin.Options;

namespace MailPlugin.Submission;

internal static class SubmissionLimitsReader
{
    const long Megabyte = 1024 * 1024;

    public static SubmissionLimits Read(OptionReader reader)
    {
        var standard = new SubmissionLimits();
        return new()
        {
            MessageBytes = reader.Number("MessageMegabytes", 1, 25) is { } message ? message * Megabyte : standard.MessageBytes,
            QueueMessages = reader.Number("QueueMessages", 1, int.MaxValue) ?? standard.QueueMessages,
            QueueBytes = reader.Number("QueueMegabytes", 1, int.MaxValue) is { } queue ? queue * Megabyte : standard.QueueBytes,
            DiskFloor = reader.Number("DiskFloorMegabytes", 0, int.MaxValue) is { } floor ? floor * Megabyte : standard.DiskFloor,
            CommitWait = reader.Duration("CommitWait", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5)) ?? standard.CommitWait,
            Expiry = reader.Duration("Expiry", TimeSpan.FromMinutes(1), standard.LongestExpiry) ?? standard.Expiry,
        };
    }
}
