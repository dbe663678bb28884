using System.Net.Sockets;
using System.Text;
using MailPlugin.Http.Binding;

namespace MailPlugin.Settings.Reading;

internal static class SmtpReader
{
    const int MaxSecret = 4096;

    public static SmtpSettings Read(JsonObjectReader reader, Faults faults)
    {
        var settings = new SmtpSettings
        {
            Host = HostRule.Read(reader, "host") ?? "",
            Port = reader.Number("port", 587, 1, 65535),
            Security = reader.Choice("security", SmtpSecurityChoice.Auto),
            MinimumTls = MinimumTls(reader),
            Auth = reader.Choice("auth", SmtpAuthChoice.Auto),
            Username = reader.Line("username", 512) is { Length: > 0 } username ? username : null,
            Password = SettingsReader.Secret(reader, "password", MaxSecret),
            AllowPlaintextAuth = reader.Flag("allowPlaintextAuth", false),
            OAuth = reader.Object("oauth") is { } oauth ? OAuthReader.Read(oauth) : null,
            Timeout = TimeSpan.FromSeconds(reader.Number("timeoutSeconds", 30, 1, 600)),
            FinalReplyTimeout = TimeSpan.FromSeconds(reader.Number("finalReplyTimeoutSeconds", 600, 1, 3600)),
            EhloName = EhloName(reader),
            LocalAddress = LocalAddress(reader),
            MaxSessions = reader.Number("maxSessions", 4, 1, 64),
            MessagesPerSession = reader.Number("messagesPerSession", 100, 1, 10_000),
            MaxRecipients = reader.Number("maxRecipients", 100, 1, 10_000),
            RatePerMinute = reader.OptionalNumber("ratePerMinute", 1, 1_000_000),
            Certificate = reader.Object("certificate") is { } certificate ? CertificateReader.Read(certificate) : new(),
            Proxy = reader.Object("proxy") is { } proxy ? Proxy(proxy) : null,
        };
        Agree(reader, settings);
        reader.Ignore("hasPassword");
        reader.Complete();
        return settings;
    }

    static string MinimumTls(JsonObjectReader reader)
    {
        var text = reader.Text("minimumTls", 8);
        if (text is null or "1.2" or "1.3")
        {
            return text ?? "1.2";
        }

        reader.Fault("minimumTls", "must be 1.2 or 1.3");
        return "1.2";
    }

    static string? EhloName(JsonObjectReader reader)
    {
        var text = reader.Line("ehloName", 255);
        return text is ['[', .. var literal, ']'] && IsLiteral(literal)
            ? text
            : HostRule.ReadOptional(reader, "ehloName", "must be a host name, or an address as [192.0.2.1] or [IPv6:2001:db8::1]", takesAddress: false);
    }

    /// <summary>What stands between the brackets of an address literal (RFC 5321 4.1.3).</summary>
    static bool IsLiteral(string text) =>
        text.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase)
            ? HostRule.Address(text[5..]) is { AddressFamily: AddressFamily.InterNetworkV6 }
            : HostRule.Address(text) is { AddressFamily: AddressFamily.InterNetwork };

    static string? LocalAddress(JsonObjectReader reader)
    {
        var text = reader.Line("localAddress", 64);
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (HostRule.Address(text) is { } address)
        {
            return address.ToString();
        }

        reader.Fault("localAddress", "must be an IP address of this host");
        return null;
    }

    static ProxySettings Proxy(JsonObjectReader reader)
    {
        var type = reader.OptionalChoice<ProxyKind>("type");
        if (type is null && !reader.HasFault("type"))
        {
            reader.Fault("type", $"must be one of {EnumText.List<ProxyKind>()}");
        }

        var port = reader.OptionalNumber("port", 1, 65535);
        if (port is null && !reader.HasFault("port"))
        {
            reader.Fault("port", "must be between 1 and 65535");
        }

        var proxy = new ProxySettings
        {
            Type = type ?? ProxyKind.Socks5,
            Host = HostRule.Read(reader, "host") ?? "",
            Port = port ?? 1080,
            Username = reader.Line("username", 255) is { Length: > 0 } username ? username : null,
            Password = SettingsReader.Secret(reader, "password", 255),
        };
        CheckLength(reader, "username", proxy.Username);
        CheckLength(reader, "password", proxy.Password?.Reveal());
        reader.Ignore("hasPassword");
        reader.Complete();
        return proxy;
    }

    /// <summary>A byte says how long each is (RFC 1929 2).</summary>
    static void CheckLength(JsonObjectReader reader, string name, string? text)
    {
        if (text is not null && Encoding.UTF8.GetByteCount(text) > 255)
        {
            reader.Fault(name, "must be at most 255 bytes long");
        }
    }

    /// <summary>Rules that hold between fields.</summary>
    static void Agree(JsonObjectReader reader, SmtpSettings settings)
    {
        var byToken = settings.Auth is SmtpAuthChoice.Xoauth2 or SmtpAuthChoice.OauthBearer;
        if (settings.OAuth is null)
        {
            if (byToken)
            {
                reader.Fault("oauth", $"must be set for {EnumText.Of(settings.Auth)}");
            }
        }
        else if (!byToken && settings.Auth != SmtpAuthChoice.Auto)
        {
            reader.Fault("auth", "must be auto, xoauth2 or oauthBearer where oauth is set");
        }
        else if (settings.Login is null && !reader.HasFault("username") && !reader.HasFault("oauth.account"))
        {
            reader.Fault("oauth.account", "must be the mailbox that signs in, or set the user name");
        }

        if (settings.OAuth is null && !byToken && settings.Auth is not (SmtpAuthChoice.Auto or SmtpAuthChoice.None) && settings.Username is null && !reader.HasFault("username"))
        {
            reader.Fault("username", $"must be set for {EnumText.Of(settings.Auth)}");
        }
    }
}
