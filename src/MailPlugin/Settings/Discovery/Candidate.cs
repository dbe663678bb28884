using System.Text.Json.Nodes;
using MailPlugin.Http;
using MailPlugin.Http.Binding;

namespace MailPlugin.Settings.Discovery;

/// <summary>A relay that may be the one, and where that comes from.</summary>
internal sealed record Candidate
{
    public required CandidateSource Source { get; init; }

    /// <summary>Id of the preset that it comes from.</summary>
    public string? Preset { get; init; }

    public required LocalizedText Name { get; init; }

    public required string Host { get; init; }

    public required int Port { get; init; }

    public required SmtpSecurityChoice Security { get; init; }

    /// <summary>Null where it is something that only the provider can say.</summary>
    public string? Username { get; init; }

    public required bool SignsIn { get; init; }

    /// <summary>What stands for the password.</summary>
    public string? Credential { get; init; }

    public required LocalizedText Note { get; init; }

    public JsonObject ToJson(Language language) => new()
    {
        ["source"] = EnumText.Of(Source),
        ["preset"] = Preset,
        ["name"] = Name.In(language),
        ["smtp"] = new JsonObject
        {
            ["host"] = Host,
            ["port"] = Port,
            ["security"] = EnumText.Of(Security),
            ["auth"] = EnumText.Of(SignsIn ? SmtpAuthChoice.Auto : SmtpAuthChoice.None),
            ["username"] = Username,
        },
        ["credential"] = Credential,
        ["note"] = Note.In(language),
    };
}

internal enum CandidateSource
{
    /// <summary>The provider's own facts.</summary>
    Preset,

    /// <summary>A usual name that has an address. Whether mail is submitted there is not known.</summary>
    Guess,
}
