using MailPlugin.Diagnostics.Causes;
using MailPlugin.Http;

namespace MailPlugin.Diagnostics.Fixes;

/// <summary>What has to be said beside a fix before anybody presses a button.</summary>
internal static class FixAdvice
{
    static readonly LocalizedText Compare = new(
        "The change trusts the certificate that is shown: compare its SHA-256 with what its owner tells you.", "此更改会信任所示证书：请与证书所有者核对 SHA-256 指纹。");

    static readonly LocalizedText TypeAgain = new(
        "The password has to be typed again with this change: it stays with the relay it was saved for.", "应用此更改后需重新输入密码：密码只随原来的服务器保存。");

    public static IReadOnlyList<LocalizedText> Of(Cause cause, FoundFix? found) =>
    [
        .. cause.Advice,
        .. found?.Trusts is null ? Array.Empty<LocalizedText>() : [Compare],
        .. found is { NeedsPassword: true } ? [TypeAgain] : Array.Empty<LocalizedText>(),
    ];
}
