using MailPlugin.Queue;

namespace MailPlugin.Storage.Queue;

internal static class QueueFaults
{
    /// <summary>The queue knows of no database: it hears in its own words that there is none to be had.</summary>
    public static async Task<T> Translate<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (DatabaseUnavailableException fault)
        {
            throw new QueueUnavailableException(fault.Message, fault);
        }
    }
}
