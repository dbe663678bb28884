using System.Buffers;
using MailPlugin.Settings;
using MailPlugin.Smtp.Mime;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Transports.Finishing;

/// <summary>The signers of the settings in force. A key that cannot be used is told once and leaves mail unsigned: unsigned mail arrives, unsent mail does not.</summary>
internal sealed partial class DkimKeys(TimeProvider clock, ILogger<DkimKeys> logger) : IDisposable
{
    readonly Lock _lock = new();
    IReadOnlyList<DkimSettings> _settings = [];
    List<DkimSigner> _signers = [];

    public ReadOnlyMemory<byte> Sign(IReadOnlyList<DkimSettings> settings, string from, ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> body)
    {
        if (settings.Count == 0 || SignerFor(settings, DomainOf(from)) is not { } signer)
        {
            return header;
        }

        var block = HeaderBlock.Parse(header);
        return block.Prepend(signer.Sign(block, new ReadOnlySequence<byte>(body), clock.GetUtcNow())).ToArray();
    }

    public void Dispose() => _signers.ForEach(signer => signer.Dispose());

    /// <summary>The key of the author's own domain, else of the nearest domain above it: what aligns for DMARC (RFC 7489 section 3.1.1).</summary>
    DkimSigner? SignerFor(IReadOnlyList<DkimSettings> settings, string domain) => Signers(settings)
        .Where(signer => domain == signer.Domain || domain.EndsWith($".{signer.Domain}", StringComparison.Ordinal))
        .MaxBy(signer => signer.Domain.Length);

    List<DkimSigner> Signers(IReadOnlyList<DkimSettings> settings)
    {
        lock (_lock)
        {
            if (!ReferenceEquals(settings, _settings))
            {
                // The old ones may still be signing; the collector takes them.
                (_signers, _settings) = (Create(settings), settings);
            }

            return _signers;
        }
    }

    List<DkimSigner> Create(IReadOnlyList<DkimSettings> settings)
    {
        var signers = new List<DkimSigner>();
        foreach (var one in settings)
        {
            if (one.PrivateKey is null)
            {
                continue;
            }

            if (DkimSigner.TryCreate(one.Domain, one.Selector, one.PrivateKey.Reveal(), out var signer, out var fault))
            {
                signers.Add(signer);
            }
            else
            {
                LogUnusable(logger, one.Domain, one.Selector, fault.Part, fault.Error);
            }
        }

        return signers;
    }

    static string DomainOf(string address) => MailboxAddress.TryParse(address, out var mailbox, out _) ? mailbox.Domain : "";

    [LoggerMessage(EventId = 2030, Level = LogLevel.Error, Message = "Mail of {Domain} leaves unsigned: of the key {Selector}, {Part} {Problem}")]
    static partial void LogUnusable(ILogger logger, string domain, string selector, DkimPart part, string problem);
}
