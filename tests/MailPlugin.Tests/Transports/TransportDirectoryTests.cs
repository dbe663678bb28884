using MailPlugin.Security.Outbound;
using MailPlugin.Settings;
using MailPlugin.Tests.Support;
using MailPlugin.Transports;
using MailPlugin.Transports.Programs;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailPlugin.Tests.Transports;

public sealed class TransportDirectoryTests
{
    [Fact]
    public async Task Of_two_changes_that_are_told_in_the_other_order_the_newer_holds()
    {
        var settings = new Told();
        using var places = new ProgramPlaces();
        await using var directory = new TransportDirectory(
            settings, new(new OutboundPolicy(new()), new NoTokens(), new ProgramRunner(places, TimeProvider.System), TimeProvider.System), new NoTranscripts(), NullLogger<TransportDirectory>.Instance);
        var (older, newer) = (With("older"), With("newer"));
        settings.Current = newer;

        settings.Tell(newer);
        settings.Tell(older);

        Assert.Equal(["newer"], directory.InOrder.Select(transport => transport.Id));
        Assert.Null(directory.Borrow("older"));
    }

    static VersionedSettings With(string id) => new(1, null, null, MailSettings.Empty with { Transports = [new() { Id = id, Name = id, Mode = TransportMode.Capture, Capture = new() }] });

    sealed class Told : ISettingsSource
    {
        public VersionedSettings Current { get; set; } = new(0, null, null, MailSettings.Empty);

        public event Action<VersionedSettings>? Changed;

        public void Tell(VersionedSettings settings) => Changed?.Invoke(settings);
    }

    sealed class NoTranscripts : ITranscriptSource
    {
        public ITransportTranscript? Begin(string transport, string? message) => null;
    }
}
