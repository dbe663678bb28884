namespace MailPlugin.Nodes;

/// <summary>For what one node at a time may do, such as refreshing a token that all of them use.</summary>
internal interface INodeLock
{
    /// <summary>
    /// Waits until nobody holds this name, here or on another node, and holds it until the answer is disposed of. Another node waits for that no longer than <paramref name="longest"/>: one that
    /// dies or stands still keeps the others waiting no longer. What may take longer must do no harm when two do it. Within one process the wait is for the holder's end, however long.
    /// </summary>
    /// <exception cref="DatabaseUnavailableException">The store that the nodes share cannot be reached.</exception>
    Task<IAsyncDisposable> TakeAsync(string name, TimeSpan longest, CancellationToken cancellationToken);

    /// <summary>The same without the wait.</summary>
    /// <returns>Null: somebody holds it.</returns>
    /// <inheritdoc cref="TakeAsync" path="/exception"/>
    Task<IAsyncDisposable?> TryTakeAsync(string name, TimeSpan longest, CancellationToken cancellationToken);
}
