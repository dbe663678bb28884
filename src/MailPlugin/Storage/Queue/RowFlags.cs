namespace MailPlugin.Storage.Queue;

[Flags]
internal enum RowFlags
{
    None = 0,
    NeedsSmtpUtf8 = 1,
    FromIsDefault = 2,

    /// <summary>Someone wants it canceled while it is being sent: what is not handed over by then stays.</summary>
    CancelRequested = 4,

    /// <summary>A recipient was erased, or the template wants it so: the content goes as soon as nothing is left to send.</summary>
    EraseContent = 8,
}
