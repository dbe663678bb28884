using MailPlugin.Queue;

namespace MailPlugin.Delivery;

/// <summary>
/// Divides room among the lanes: 70, 20 and 10 of a hundred. What is lost to rounding is remembered, so that the smallest lane has its turn even when there is room for one message at
/// a time. Not thread-safe: the worker's own.
/// </summary>
internal sealed class LaneShares
{
    static readonly double[] Parts = [0.7, 0.2, 0.1];
    readonly double[] _credit = new double[Lane.Count];

    public int[] Divide(int room)
    {
        var shares = new int[Lane.Count];
        var left = room;
        for (var lane = 0; lane < Lane.Count; lane++)
        {
            _credit[lane] += room * Parts[lane];
        }

        while (left > 0)
        {
            var richest = 0;
            for (var lane = 1; lane < Lane.Count; lane++)
            {
                if (_credit[lane] > _credit[richest] + 1e-9)
                {
                    richest = lane;
                }
            }

            var whole = Math.Clamp((int)_credit[richest], 1, left);
            _credit[richest] -= whole;
            shares[richest] += whole;
            left -= whole;
        }

        return shares;
    }
}
