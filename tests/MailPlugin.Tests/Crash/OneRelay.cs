using System.Runtime.CompilerServices;
using MailPlugin.Options;
using MailPlugin.Security.Outbound;
using MailPlugin.Settings;
using MailPlugin.Transports;
using MailPlugin.Transports.Smtp;
using Microsoft.Extensions.DependencyInjection;

namespace MailPlugin.Tests.Crash;

/// <summary>Settings with one relay on this machine, and the real transport to it.</summary>
/// <param name="heard">Called with the first outcome, before delivery hears of it.</param>
internal sealed class OneRelay(int port, Action heard) : ISettingsSource, ITransportDirectory, IAsyncDisposable
{
    static readonly TransportSettings Primary = new() { Id = "primary", Name = "primary", Mode = TransportMode.Smtp };

    readonly SmtpTransport _transport = new(
        Primary.Id, new(RelayOf.Settings(new() { Host = "127.0.0.1", Port = port, Security = SmtpSecurityChoice.None }, new OutboundPolicy(new OutboundOptions())), TimeProvider.System), 100, new NoTranscripts(), TimeProvider.System);

    public VersionedSettings Current { get; } = new(1, null, null, MailSettings.Empty with { Transports = [Primary] });

    public event Action<VersionedSettings>? Changed
    {
        add { }
        remove { }
    }

    event Action<IReadOnlyCollection<string>>? ITransportDirectory.Changed
    {
        add { }
        remove { }
    }

    public IReadOnlyList<TransportSettings> InOrder => [Primary];

    public TransportLoan? Borrow(string id) => new(Primary, new Overheard(_transport, heard), () => { });

    public void AddTo(IServiceCollection services) => services.AddSingleton<ISettingsSource>(this).AddSingleton<ITransportDirectory>(this);

    public ValueTask DisposeAsync() => _transport.DisposeAsync();

    sealed class Overheard(ITransport inner, Action heard) : ITransport
    {
        public string Id => inner.Id;

        public async IAsyncEnumerable<TransportOutcome> SendAsync(IAsyncEnumerable<OutgoingMessage> messages, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var outcome in inner.SendAsync(messages, cancellationToken))
            {
                heard();
                yield return outcome;
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    sealed class NoTranscripts : ITranscriptSource
    {
        public ITransportTranscript? Begin(string transport, string? message) => null;
    }
}
