using MailPlugin.Http;

namespace MailPlugin.Settings;

/// <summary>What is allowed in the modes that run a program or capture, and yet deserves a word.</summary>
internal static class ModeWarnings
{
    public static IEnumerable<(string Path, LocalizedText Text)> Of(MailSettings settings, TransportSettings transport)
    {
        var path = $"transports[id={transport.Id}]";
        if (Program(transport) is var (block, program) && !File.Exists(program))
        {
            yield return ($"{path}.{block}.path", new($"There is no program at {program} now.", $"目前 {program} 处没有程序。"));
        }

        if (transport.Php is { } php)
        {
            if (php.IniFile is { } ini && !File.Exists(ini))
            {
                yield return ($"{path}.php.iniFile", new($"There is no file at {ini} now.", $"目前 {ini} 处没有文件。"));
            }

            if (SignedDomain(settings, transport) is { } domain)
            {
                yield return ($"{path}.php", new(
                    $"Mail by PHP leaves without the DKIM signature of {domain}: mail() writes header fields anew.", $"经 PHP 发出的邮件不带 {domain} 的 DKIM 签名：mail() 会重写邮件头。"));
            }
        }

        if (transport is { Enabled: true, Capture: { } capture } && (capture.AllowRecipients.Count > 0 || capture.RedirectTo is not null)
            && !settings.Transports.SkipWhile(other => other.Id != transport.Id).Skip(1).Any(next => next.Enabled))
        {
            yield return ($"{path}.capture", new(
                "No enabled transport follows: what is let through or redirected will wait.", "其后没有启用的发送通道：放行或转寄的邮件将一直等待。"));
        }
    }

    static (string Block, string Path)? Program(TransportSettings transport) => transport switch
    {
        { Sendmail: { } sendmail } => ("sendmail", sendmail.Path),
        { Qmail: { } qmail } => ("qmail", qmail.Path),
        { Php: { } php } => ("php", php.Path),
        _ => null,
    };

    /// <summary>The domain that From would be signed for.</summary>
    static string? SignedDomain(MailSettings settings, TransportSettings transport)
    {
        var from = (transport.From ?? settings.From)?.Address;
        var domain = from?[(from.LastIndexOf('@') + 1)..];
        return settings.Dkim.Select(dkim => dkim.Domain).FirstOrDefault(signed =>
            domain is not null && (domain.Equals(signed, StringComparison.OrdinalIgnoreCase) || domain.EndsWith("." + signed, StringComparison.OrdinalIgnoreCase)));
    }
}
