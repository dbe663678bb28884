using MailPlugin.Http;

namespace MailPlugin.Settings.Presets;

/// <summary>What is known of a provider: how its mail is submitted, and what it expects.</summary>
internal sealed record Preset
{
    public required string Id { get; init; }

    public required LocalizedText Name { get; init; }

    /// <summary>The first is the usual one.</summary>
    public required IReadOnlyList<string> Hosts { get; init; }

    /// <summary>The first is the one to take.</summary>
    public required IReadOnlyList<PresetPort> Ports { get; init; }

    /// <summary><c>address</c>, <c>localPart</c>, <c>sender</c>, <c>issued</c>, <c>token</c>, <c>apiKey</c>, <c>none</c>, or <c>literal:</c> and the very word.</summary>
    public required string Username { get; init; }

    /// <summary>What stands for the password, in one word.</summary>
    public required string Credential { get; init; }

    /// <summary>Which From it takes: <c>login</c> or <c>verified</c> addresses; null: any, or not known.</summary>
    public string? From { get; init; }

    /// <summary>Mail domains whose mailboxes are there.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    public required LocalizedText Notes { get; init; }

    public required IReadOnlyList<LocalizedText> Steps { get; init; }

    /// <summary>The provider's own page.</summary>
    public required string OfficialUrl { get; init; }

    /// <summary>Where the facts were found, if not there.</summary>
    public string? Source { get; init; }

    public required DateOnly CheckedOn { get; init; }

    /// <summary>Facts that could not be checked.</summary>
    public IReadOnlyList<string> Unverified { get; init; } = [];

    public IReadOnlyList<PresetDeadline> Deadlines { get; init; } = [];

    /// <summary>What of its deadlines is near or past, on a day; null when nothing is.</summary>
    public LocalizedText? Warning(DateOnly today) =>
        Deadlines.Select(deadline => deadline.Warning(today)).OfType<LocalizedText>().Aggregate((LocalizedText?)null, (all, one) => all is { } before ? before + one : one);
}

internal sealed record PresetPort(int Port, SmtpSecurityChoice Security);

/// <summary>A day from which something is otherwise.</summary>
/// <param name="On">The day.</param>
/// <param name="WarnDays">How many days before it begins to be said.</param>
/// <param name="Before">Said before the day; <c>{days}</c> is how many are left.</param>
/// <param name="After">Said from the day on.</param>
internal sealed record PresetDeadline(DateOnly On, int WarnDays, LocalizedText Before, LocalizedText After)
{
    public LocalizedText? Warning(DateOnly today)
    {
        var left = On.DayNumber - today.DayNumber;
        var days = left.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return left <= 0 ? After
            : left > WarnDays ? null
            : new(Before.English.Replace("{days}", days, StringComparison.Ordinal), Before.Chinese.Replace("{days}", days, StringComparison.Ordinal));
    }
}
