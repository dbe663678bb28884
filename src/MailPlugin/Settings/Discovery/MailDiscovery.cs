using System.Net;
using MailPlugin.Http;
using MailPlugin.Security.Outbound;
using MailPlugin.Settings.Presets;
using MailPlugin.Smtp.Mime;

namespace MailPlugin.Settings.Discovery;

/// <summary>Relays for an address: the provider's, where the domain is a known one's; else the usual names of its domain, as far as they have an address that may be connected to.</summary>
internal sealed class MailDiscovery(NameLookup lookup, OutboundPolicy policy)
{
    static readonly string[] UsualNames = ["smtp", "mail"];

    static readonly (int Port, SmtpSecurityChoice Security)[] UsualPorts = [(465, SmtpSecurityChoice.ImplicitTls), (587, SmtpSecurityChoice.StartTls)];

    static readonly LocalizedText Guess = new(
        "A guess: the name has an address. Whether mail is submitted there is not known before a test.", "这是猜测：该名称可以解析，但是否可用于提交邮件需经测试才能知道。");

    /// <param name="mailbox">Whose relay is wanted.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Discovered> FindAsync(MailboxAddress mailbox, CancellationToken cancellationToken)
    {
        if (PresetCatalog.OfDomain(mailbox.Domain) is { } preset)
        {
            return new([.. preset.Ports.Select(port => OfPreset(preset, port, mailbox))], []);
        }

        var names = UsualNames.Select(name => $"{name}.{mailbox.Domain}").ToList();
        var found = await Task.WhenAll(names.Select(name => lookup.FindAsync(name, cancellationToken)));
        var resolved = names.Zip(found).Where(pair => pair.Second.Count > 0).ToList();
        return new(
            [.. resolved.Where(pair => pair.Second.Any(policy.Allows)).SelectMany(pair => UsualPorts.Where(usual => policy.AllowsPort(usual.Port)).Select(usual => new Candidate
            {
                Source = CandidateSource.Guess,
                Name = new(pair.First, pair.First),
                Host = pair.First,
                Port = usual.Port,
                Security = usual.Security,
                Username = mailbox.Address,
                SignsIn = true,
                Note = Guess,
            }))],
            [.. resolved.Where(pair => !pair.Second.Any(policy.Allows)).Select(pair => (pair.First, pair.Second[0]))]);
    }

    static Candidate OfPreset(Preset preset, PresetPort port, MailboxAddress mailbox) => new()
    {
        Source = CandidateSource.Preset,
        Preset = preset.Id,
        Name = preset.Name,
        Host = preset.Hosts[0],
        Port = port.Port,
        Security = port.Security,
        Username = preset.Username switch
        {
            "address" or "sender" => mailbox.Address,
            "localPart" => mailbox.Address[..mailbox.Address.LastIndexOf('@')],
            var word when word.StartsWith("literal:", StringComparison.Ordinal) => word["literal:".Length..],
            _ => null,
        },
        SignsIn = preset.Username != "none",
        Credential = preset.Credential,
        Note = preset.Notes,
    };
}

/// <param name="Candidates">The likeliest first.</param>
/// <param name="Refused">Names that lead where the outbound policy forbids to go.</param>
internal sealed record Discovered(IReadOnlyList<Candidate> Candidates, IReadOnlyList<(string Name, IPAddress Address)> Refused);
