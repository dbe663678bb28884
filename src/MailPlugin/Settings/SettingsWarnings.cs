using MailPlugin.Http;

namespace MailPlugin.Settings;

/// <summary>What is allowed and yet deserves a word.</summary>
internal static class SettingsWarnings
{
    public static IEnumerable<(string Path, LocalizedText Text)> Of(MailSettings settings)
    {
        if (settings.From is null && settings.Transports.Any(transport => transport is { Enabled: true, From: null }))
        {
            yield return ("from", new(
                "No From address is set: every submission has to bring one, and the test mail is from the login.",
                "未设置发件人地址：每次提交都必须自带发件人，测试邮件则使用登录名。"));
        }

        foreach (var warning in settings.Transports.SelectMany(transport => ModeWarnings.Of(settings, transport)))
        {
            yield return warning;
        }

        foreach (var transport in settings.Transports)
        {
            if (transport.Smtp is not { } smtp)
            {
                continue;
            }

            var path = $"transports[id={transport.Id}].smtp";
            if (smtp.Login is null || smtp.Auth == SmtpAuthChoice.None)
            {
                continue;
            }

            if (!RelaySecurity.IsRequired(smtp))
            {
                yield return smtp.AllowPlaintextAuth
                    ? ($"{path}.allowPlaintextAuth", new(
                        "The password may travel unprotected: anybody on the way can read it.",
                        "密码可能以明文传输，途经的任何人都能读取。"))
                    : ($"{path}.security", new(
                        "TLS is not required, so no password will be sent and the login will fail. Require TLS, or allow the password in plain text.",
                        "未强制使用 TLS，因此不会发送密码，登录将失败。请强制 TLS，或允许明文发送密码。"));
            }

            if (smtp.OAuth is { } oauth)
            {
                if (MissingSecret(oauth) is { } missing)
                {
                    yield return ($"{path}.oauth.{missing}", new("This way of getting a token needs it, and it is not set.", "这种令牌获取方式需要此项，但尚未设置。"));
                }
            }
            else if (smtp.Password is null)
            {
                yield return ($"{path}.password", new("A user name is set, but no password.", "设置了用户名，但没有密码。"));
            }
        }
    }

    static string? MissingSecret(OAuthSettings oauth) => oauth.Flow switch
    {
        OAuthFlow.ClientCredentials when oauth is { ClientSecret: null, PrivateKey: null } => "clientSecret",
        OAuthFlow.ServiceAccount when oauth.PrivateKey is null => "privateKey",
        OAuthFlow.RefreshToken when oauth.RefreshToken is null => "refreshToken",
        _ => null,
    };
}
