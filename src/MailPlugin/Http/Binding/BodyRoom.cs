namespace MailPlugin.Http.Binding;

/// <summary>
/// The room that all bodies together have in memory. Each is bounded by itself; this bounds many large ones at once, whose callers are refused and come
/// back instead of being waited for: a body that waits for room holds what it has.
/// </summary>
/// <param name="bytes">What there is.</param>
/// <param name="small">Bodies up to this go without: whoever holds the room with large ones keeps nobody from the page.</param>
internal sealed class BodyRoom(long bytes = BodyRoom.Standard, long small = 64 * 1024)
{
    /// <summary>Seven of the largest.</summary>
    const long Standard = 256 * 1024 * 1024;

    long _taken;

    /// <summary>Bodies up to this need no room.</summary>
    public long Small => small;

    /// <summary>Bytes that bodies hold now.</summary>
    public long Taken => Volatile.Read(ref _taken);

    public bool TryTake(long count)
    {
        while (true)
        {
            var taken = Taken;
            if (taken + count > bytes)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _taken, taken + count, taken) == taken)
            {
                return true;
            }
        }
    }

    public void GiveBack(long count) => Interlocked.Add(ref _taken, -count);
}
