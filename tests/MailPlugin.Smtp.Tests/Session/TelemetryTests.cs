using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MailPlugin.Smtp.Tests;

public sealed class TelemetryTests
{
    [Fact]
    public async Task Sessions_and_messages_are_measured_and_traced()
    {
        var names = new HashSet<string>();
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "MailPlugin.Smtp")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Add($"{instrument.Name} {string.Join(',', tags.ToArray().Select(tag => tag.Value))}"));
        meters.SetMeasurementEventCallback<double>((instrument, _, _, _) => Add(instrument.Name));
        meters.Start();
        using var traces = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "MailPlugin.Smtp",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => Add($"{activity.OperationName} {activity.Status}"),
        };
        ActivitySource.AddActivityListener(traces);

        var model = new ModelServer(1, likeExim: false, "PIPELINING") { Refuse = _ => false };
        await using var server = new FakeServer(model.ServeAsync);
        await using (var session = await SmtpSession.ConnectAsync(server.Relay))
        {
            await session.SendAllAsync(Some.Transaction(), Some.Transaction());
        }

        lock (names)
        {
            Assert.Superset(
                new HashSet<string>(["mailplugin.smtp.sessions ok", "mailplugin.smtp.sessions.open ", "mailplugin.smtp.connect.duration", "mailplugin.smtp.messages Accepted", "mailplugin.smtp.message.duration", "smtp connect Unset", "smtp send Ok"]),
                names);
        }

        void Add(string name)
        {
            lock (names)
            {
                names.Add(name);
            }
        }
    }
}
