using MailPlugin.Http;
using MailPlugin.Http.Problems;
using MailPlugin.Settings.Store;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Settings;

/// <summary>Whether the caller saw the settings that are in force (RFC 9110 13.1.1).</summary>
internal static class SettingsPrecondition
{
    /// <returns>The settings in force, and the problem that answers when the caller saw others.</returns>
    public static async Task<(VersionedSettings Current, ProblemResult? Problem)> CheckAsync(HttpContext context, SettingsRegister register)
    {
        var current = register.Current;
        switch (IfMatch.Check(context, SettingsAnswer.Tag(current.Version)))
        {
            case null:
                return (current, null);
            case IfMatch.Refusal.Missing:
                return (current, Problem.Of("if-match-needed"));
        }

        // The version may be one that another node has saved and this one has not heard of yet.
        await register.LoadAsync(context.RequestAborted);
        current = register.Current;
        return (current, IfMatch.Check(context, SettingsAnswer.Tag(current.Version)) is null ? null : SettingsAnswer.Stale(current));
    }
}
