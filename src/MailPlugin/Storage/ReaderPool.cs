using System.Data.Common;

namespace MailPlugin.Storage;

/// <summary>Connections that read: so many at once, and each that worked is kept for the next reader.</summary>
internal sealed class ReaderPool<TConnection>(int places) : IAsyncDisposable
    where TConnection : DbConnection
{
    readonly SemaphoreSlim _places = new(places);
    readonly Stack<TConnection> _idle = new();
    bool _closed;

    /// <summary>Takes a place; whoever gets one gives it back by <see cref="Leave"/>.</summary>
    /// <returns>False: none became free in time.</returns>
    /// <exception cref="DatabaseUnavailableException">It is closed.</exception>
    public async Task<bool> EnterAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        if (!await _places.WaitAsync(longest, cancellationToken))
        {
            return false;
        }

        if (!Volatile.Read(ref _closed))
        {
            return true;
        }

        _places.Release();
        throw new DatabaseUnavailableException("The database is closed: the host stops.");
    }

    public void Leave() => _places.Release();

    /// <summary>A connection that is kept, if there is one.</summary>
    public TConnection? Take()
    {
        lock (_idle)
        {
            return _idle.TryPop(out var connection) ? connection : null;
        }
    }

    /// <summary>Works on a connection and keeps it; one on which something failed is not trusted again.</summary>
    public T Use<T>(TConnection connection, Func<TConnection, T> work)
    {
        var sound = false;
        try
        {
            var result = work(connection);
            sound = true;
            return result;
        }
        finally
        {
            if (sound)
            {
                lock (_idle)
                {
                    _idle.Push(connection);
                }
            }
            else
            {
                connection.Dispose();
            }
        }
    }

    /// <summary>Waits for whoever reads. Who still waits for a place learns that there is none.</summary>
    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _closed, true);
        for (var place = 0; place < places; place++)
        {
            await _places.WaitAsync();
        }

        while (Take() is { } connection)
        {
            connection.Dispose();
        }

        _places.Release(places);
    }
}
