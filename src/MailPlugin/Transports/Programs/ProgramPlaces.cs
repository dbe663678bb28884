namespace MailPlugin.Transports.Programs;

/// <summary>How many programs run at once, of all transports together. How many of one transport is for its line to bound.</summary>
internal sealed class ProgramPlaces : IDisposable
{
    /// <summary>Four transports that all hang leave room for a fifth only above their own four each.</summary>
    const int AtOnce = 20;

    readonly SemaphoreSlim _free = new(AtOnce);

    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        return new Place(_free);
    }

    public void Dispose() => _free.Dispose();

    sealed class Place(SemaphoreSlim free) : IDisposable
    {
        SemaphoreSlim? _free = free;

        public void Dispose() => Interlocked.Exchange(ref _free, null)?.Release();
    }
}
