using System.Collections.Concurrent;
using System.Globalization;
using MailPlugin.Queue;
using MailPlugin.Settings;

namespace MailPlugin.Delivery;

/// <summary>
/// Remembers how each transport's last test ended and what was tested, so that the mark goes when the transport changes. The tested settings stay in memory because of their secrets; after a restart the
/// version of the settings stands for them.
/// </summary>
internal sealed class TestMarks(IQueueState state, ISettingsSource settings)
{
    const string Prefix = "test.";

    readonly ConcurrentDictionary<string, Mark> _marks = new(StringComparer.Ordinal);

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        foreach (var transport in settings.Current.Settings.Transports)
        {
            var fields = (await state.ReadAsync(Prefix + transport.Id, cancellationToken))?.Split(' ');
            if (fields is [var at, var ok, var version])
            {
                var mark = new Mark(DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(at, CultureInfo.InvariantCulture)), ok == "ok", int.Parse(version, CultureInfo.InvariantCulture), null);

                // Where this process made the one that is stored, its own is kept: it knows what was tested.
                _marks.AddOrUpdate(transport.Id, mark, (_, known) => known.At.ToUnixTimeMilliseconds() == mark.At.ToUnixTimeMilliseconds() ? known : mark);
            }
        }
    }

    public async Task SetAsync(TransportSettings tested, bool ok, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var version = settings.Current.Version;

        // A draft was tested: if it is saved, the next version is the one.
        var saved = settings.Current.Settings.Transport(tested.Id) == tested ? version : version + 1;
        _marks[tested.Id] = new(at, ok, saved, tested);
        await state.WriteAsync(Prefix + tested.Id, string.Create(CultureInfo.InvariantCulture, $"{at.ToUnixTimeMilliseconds()} {(ok ? "ok" : "failed")} {saved}"), cancellationToken);
    }

    public LastTestAnswer? Find(TransportSettings transport, int version) => _marks.TryGetValue(transport.Id, out var mark)
        ? new(mark.At, mark.Ok, mark.Tested is { } tested ? tested != transport : mark.Version != version)
        : null;

    sealed record Mark(DateTimeOffset At, bool Ok, int Version, TransportSettings? Tested);
}
