namespace MailPlugin.Abstractions;

/// <summary>Tells what became of messages. Handlers run after the outcome is on disk, one after another, off the sending path.</summary>
/// <remarks>At most once: an event whose handler had not run when the process ended is not told again. <c>GET /messages</c> is the truth.</remarks>
public interface IMailEvents
{
    /// <summary>Adds a handler until the returned object is disposed. An exception in it is logged and stops nothing.</summary>
    IDisposable Subscribe(Func<MailEvent, CancellationToken, ValueTask> handler);
}
