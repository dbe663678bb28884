using MailPlugin.Abstractions;

namespace MailPlugin.Queue;

/// <summary>Lanes by their stored numbers.</summary>
internal static class Lane
{
    public const int High = 0;
    public const int Normal = 1;
    public const int Bulk = 2;
    public const int Count = 3;

    public static int Of(MailPriority priority) => priority switch
    {
        MailPriority.High => High,
        MailPriority.Bulk => Bulk,
        _ => Normal,
    };

    public static MailPriority Priority(int lane) => lane switch
    {
        High => MailPriority.High,
        Bulk => MailPriority.Bulk,
        _ => MailPriority.Normal,
    };
}
