using MailPlugin.Queue;

namespace MailPlugin.Storage.Queue;

/// <summary>How many of which stream are to be taken next. The numbers change with what came of it.</summary>
internal sealed class ClaimPortion(int lane, StreamName stream)
{
    public int Lane => lane;

    public StreamName Stream => stream;

    public int Count { get; set; }
}

/// <summary>
/// Divides a claim among lanes and streams, several streams at a time so that a database at the other end of a network is asked once for all of them. As long as nobody knows better a stream is
/// supposed to have what it is asked for; one that had less is through, and what it left goes to the others in the next round.
/// </summary>
/// <param name="waiting">By lane, the streams that have something due, in the order of their turns.</param>
internal sealed class ClaimPlan(ClaimRequest request, IReadOnlyList<List<StreamName>> waiting)
{
    readonly int[] _shares = [.. request.Shares];
    readonly Dictionary<string, int> _ofSource = new(StringComparer.Ordinal);
    readonly Dictionary<string, int> _atTransport = new(StringComparer.Ordinal);
    int _room = request.Total;

    /// <summary>Whether something was left behind that is due and might have been taken, had there been more room in all.</summary>
    public bool HasMore => waiting.Any(streams => streams.Exists(stream => RoomFor(stream) > 0));

    /// <summary>By lane, the stream whose turn was the last; null: none had one.</summary>
    public StreamName?[] Last { get; } = new StreamName?[Lane.Count];

    /// <summary>What to ask for now; empty: there is no room, or nothing that may be taken.</summary>
    public IReadOnlyList<ClaimPortion> Next()
    {
        var portions = new List<ClaimPortion>();

        // First each lane its share, then whoever still waits takes what is left over.
        for (var lane = 0; lane < Lane.Count; lane++)
        {
            _shares[lane] -= Ask(lane, Math.Min(_room, _shares[lane]), portions);
        }

        for (var lane = 0; lane < Lane.Count; lane++)
        {
            Ask(lane, _room, portions);
        }

        return portions;
    }

    /// <summary>What came of a portion that was asked for.</summary>
    public void Took(ClaimPortion portion, int count)
    {
        if (count == portion.Count)
        {
            return;
        }

        Spend(portion.Stream, count - portion.Count);
        waiting[portion.Lane].Remove(portion.Stream);
    }

    /// <summary>Gives so many to a lane's streams, the same number to each as far as its source and its transport have room. Whoever had a turn goes behind the others.</summary>
    int Ask(int lane, int wanted, List<ClaimPortion> portions)
    {
        var streams = waiting[lane];
        var left = wanted;
        for (var others = streams.Count; others > 0 && left > 0; others--)
        {
            var stream = streams[0];
            streams.RemoveAt(0);
            streams.Add(stream);
            var count = Math.Min((left + others - 1) / others, RoomFor(stream));
            if (count > 0)
            {
                Portion(lane, stream, portions).Count += count;
                Spend(stream, count);
                left -= count;
                Last[lane] = stream;
            }
        }

        return wanted - left;
    }

    int RoomFor(StreamName stream) => Math.Min(
        request.RoomOf(stream.Source) - _ofSource.GetValueOrDefault(stream.Source), request.RoomAt(stream.Transport) - _atTransport.GetValueOrDefault(stream.Transport));

    static ClaimPortion Portion(int lane, StreamName stream, List<ClaimPortion> portions)
    {
        var portion = portions.Find(portion => portion.Lane == lane && portion.Stream == stream);
        if (portion is null)
        {
            portions.Add(portion = new(lane, stream));
        }

        return portion;
    }

    void Spend(StreamName stream, int count)
    {
        _room -= count;
        _ofSource[stream.Source] = _ofSource.GetValueOrDefault(stream.Source) + count;
        _atTransport[stream.Transport] = _atTransport.GetValueOrDefault(stream.Transport) + count;
    }
}
