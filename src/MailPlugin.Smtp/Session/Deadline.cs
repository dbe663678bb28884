using System.Net.Sockets;

namespace MailPlugin.Smtp;

/// <summary>
/// One cancellation source for the whole life of a session, re-armed for every wait: it fires for a timeout or for the caller, and a session
/// on which it has fired in the middle of something is over, so that it hardly ever needs to be replaced.
/// </summary>
internal sealed class Deadline(TimeProvider time) : IDisposable
{
    CancellationTokenSource _source = new(Timeout.InfiniteTimeSpan, time);
    volatile bool _canceled;

    internal CancellationToken Token => _source.Token;

    internal void Arm(TimeSpan timeout) => _source.CancelAfter(timeout);

    internal void Disarm() => _source.CancelAfter(Timeout.InfiniteTimeSpan);

    /// <summary>Makes the session usable again after a cancellation that came while nothing was under way.</summary>
    internal void Renew()
    {
        if (_source.IsCancellationRequested)
        {
            _source.Dispose();
            _source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
            _canceled = false;
        }
    }

    /// <summary>While the registration lives, the caller's cancellation ends every wait.</summary>
    internal CancellationTokenRegistration Follow(CancellationToken caller)
        => caller.UnsafeRegister(static self => ((Deadline)self!).Cancel(), this);

    internal SessionBroken Explain(Exception exception, bool whileWriting) => exception switch
    {
        SessionBroken broken => broken,
        OperationCanceledException when _canceled => new SessionBroken(SmtpFault.Canceled, "Canceled.", exception) { WhileWriting = whileWriting },
        OperationCanceledException => new SessionBroken(SmtpFault.Timeout, "The server did not answer in time.", exception) { WhileWriting = whileWriting },
        _ => new SessionBroken(SmtpFault.ConnectionLost, Describe(exception), exception) { WhileWriting = whileWriting },
    };

    static string Describe(Exception exception) => (exception.InnerException ?? exception) switch
    {
        SocketException socket => $"The connection was lost ({socket.SocketErrorCode}).",
        _ => "The connection was lost.",
    };

    public void Dispose() => _source.Dispose();

    void Cancel()
    {
        _canceled = true;
        _source.Cancel();
    }
}
