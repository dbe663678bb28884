namespace MailPlugin.Nodes;

/// <summary>For what one node at a time may do, such as refreshing a token that all of them use.</summary>
internal interface INodeLock
{
    /// <summary>
    /// Waits until nobody holds this name, here or on another node, and holds it until the answer is disposed of, but no longer than <paramref name="longest"/>: a node that dies or stands
    /// still keeps nobody waiting for ever. What may take longer must do no harm when two do it.
    /// </summary>
    /// <exception cref="DatabaseUnavailableException">The store that the nodes share cannot be reached.</exception>
    Task<IAsyncDisposable> TakeAsync(string name, TimeSpan longest, CancellationToken cancellationToken);

    /// <summary>The same without the wait.</summary>
    /// <returns>Null: somebody holds it.</returns>
    /// <inheritdoc cref="TakeAsync" path="/exception"/>
    Task<IAsyncDisposable?> TryTakeAsync(string name, TimeSpan longest, CancellationToken cancellationToken);
}
