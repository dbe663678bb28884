using System.Data.Common;

namespace MailPlugin.Storage;

/// <summary>A write that waits for its turn, and what came of it. Its caller hears of it only when the commit is through.</summary>
internal abstract class WriteWork
{
    volatile bool _isAbandoned;

    public Exception? Fault { get; protected set; }

    /// <summary>Whether its caller was told that nothing came of it.</summary>
    public bool IsAbandoned => _isAbandoned;

    /// <summary>With what it may be done together; null: with nothing.</summary>
    public virtual WriteGroup? Group => null;

    /// <summary>False when its caller has given up: then nothing of it is written.</summary>
    public abstract bool TryBegin();

    /// <summary>Its caller waits no longer: unless it is being committed already, nothing of it is to be kept.</summary>
    public void Abandon() => _isAbandoned = true;

    /// <summary>Runs the work and keeps its result or fault; throws only what <paramref name="isBroken"/> takes for the database's own fault.</summary>
    public abstract void Run(DbConnection connection, Func<Exception, bool> isBroken);

    public abstract void Complete();

    public abstract void Fail(Exception fault);
}

internal class WriteWork<T> : WriteWork
{
    const int Waiting = 0;
    const int Begun = 1;
    const int GivenUp = 2;

    readonly Func<DbConnection, T> _function;
    readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly CancellationTokenRegistration _cancellation;
    int _state = Waiting;

    public WriteWork(Func<DbConnection, T> function, CancellationToken cancellationToken)
    {
        _function = function;
        _cancellation = cancellationToken.UnsafeRegister(static (work, token) => ((WriteWork<T>)work!).GiveUp(token), this);
    }

    public Task<T> Task => _completion.Task;

    public T? Result { get; set; }

    public override bool TryBegin()
    {
        _cancellation.Dispose();
        return !IsAbandoned && Interlocked.CompareExchange(ref _state, Begun, Waiting) == Waiting;
    }

    public override void Run(DbConnection connection, Func<Exception, bool> isBroken)
    {
        Fault = null;
        try
        {
            Result = _function(connection);
        }
        catch (Exception fault) when (!isBroken(fault))
        {
            Fault = fault;
        }
    }

    public override void Complete()
    {
        if (Fault is null)
        {
            _completion.TrySetResult(Result!);
        }
        else
        {
            _completion.TrySetException(Fault);
        }
    }

    public override void Fail(Exception fault) => _completion.TrySetException(fault);

    /// <summary>At once while it waits; once it has begun, its caller hears how it ended.</summary>
    void GiveUp(CancellationToken token)
    {
        if (Interlocked.CompareExchange(ref _state, GivenUp, Waiting) == Waiting)
        {
            _completion.TrySetCanceled(token);
        }
    }
}
