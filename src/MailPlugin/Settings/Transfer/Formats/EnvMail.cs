using System.Text.Json.Nodes;

namespace MailPlugin.Settings.Transfer.Formats;

/// <summary>Mail settings among environment variables: <c>SMTP_*</c>, <c>MAIL_*</c>, <c>EMAIL_*</c> as the frameworks name them.</summary>
internal static class EnvMail
{
    public static bool Looks(string text) => EnvFile.Read(text).Any(variable => EnvNames.FieldOf(variable.Name) is not null);

    public static ImportedSettings Read(string text, ImportReport report)
    {
        var settings = new ImportedSettings();
        var values = Values(text, report);
        SetGeneral(settings, values, report);
        if (values.TryGetValue(EnvField.Url, out var url) && SmtpUrl.Transport(url.Value, report, settings) is { } byUrl)
        {
            settings.Transports.Add(byUrl);
            report.Recognise(url.Name);
            return settings;
        }

        if (url is not null)
        {
            report.Ignore(url.Name, Ignored.NotUnderstood);
        }

        AddTransport(settings, values, report);
        return settings;
    }

    static Dictionary<EnvField, EnvValue> Values(string text, ImportReport report)
    {
        var values = new Dictionary<EnvField, EnvValue>();
        foreach (var variable in EnvFile.Read(text))
        {
            if (EnvNames.FieldOf(variable.Name) is not { } field)
            {
                report.Ignore(variable.Name, EnvNames.IsMail(variable.Name) ? Ignored.Unknown : Ignored.NotMail);
                continue;
            }

            if (variable.Value is not { } value)
            {
                report.Ignore(variable.Name, Ignored.Computed);
            }
            else if (field == EnvField.Check)
            {
                report.Ignore(variable.Name, Ignored.ChecksStayOn);
            }
            else if (field == EnvField.File)
            {
                report.Ignore(variable.Name, Ignored.FileNotRead);
            }
            else if (value.Length == 0 || (value.Equals("null", StringComparison.OrdinalIgnoreCase) && field != EnvField.Tls))
            {
                report.Ignore(variable.Name, Ignored.Empty);
            }
            else
            {
                Keep(values, field == EnvField.Address ? value.Contains('@', StringComparison.Ordinal) ? EnvField.From : EnvField.Host : field, new(variable.Name, value), report);
            }
        }

        return values;
    }

    static void Keep(Dictionary<EnvField, EnvValue> values, EnvField field, EnvValue value, ImportReport report)
    {
        if (field == EnvField.Password && ImportedText.IsMasked(value.Value))
        {
            report.Ignore(value.Name, Ignored.Masked);
            return;
        }

        if (field == EnvField.Tls)
        {
            value = value with { Tls = SmtpUrl.TlsOf(EnvNames.KindOf(value.Name), value.Value) };
            if (value.Tls is null)
            {
                report.Ignore(value.Name, Ignored.NotUnderstood);
                return;
            }

            // One variable says whether there is SSL, another whether there is STARTTLS: the one that wants more is meant.
            report.Recognise(value.Name);
            if (!values.TryGetValue(field, out var other) || value.Tls > other.Tls)
            {
                values[field] = value;
            }

            return;
        }

        if (values.TryAdd(field, value))
        {
            return;
        }

        report.Ignore(value.Name, Ignored.Twice);
        if (values[field].Value != value.Value)
        {
            report.Warn($"{values[field].Name} and {value.Name} say different things: {values[field].Name} is taken.", $"{values[field].Name} 与 {value.Name} 的值不同：采用 {values[field].Name}。");
        }
    }

    static void SetGeneral(ImportedSettings settings, Dictionary<EnvField, EnvValue> values, ImportReport report)
    {
        if (Take(values, EnvField.From, report) is { } from)
        {
            settings.SetFrom(from, Take(values, EnvField.FromName, report));
        }

        if (Take(values, EnvField.ReplyTo, report) is { } reply)
        {
            settings.Values["replyTo"] = new JsonObject { ["address"] = reply };
        }

        if (Take(values, EnvField.Prefix, report) is { } prefix)
        {
            settings.Values["subjectPrefix"] = prefix;
        }
    }

    static void AddTransport(ImportedSettings settings, Dictionary<EnvField, EnvValue> values, ImportReport report)
    {
        switch (Take(values, EnvField.Mailer, report)?.ToLowerInvariant())
        {
            case "sendmail":
                settings.Transports.Add(new() { ["id"] = "sendmail", ["name"] = "sendmail", ["mode"] = "sendmail", ["sendmail"] = new JsonObject() });
                return;
            case "mail" or "php":
                settings.Transports.Add(new() { ["id"] = "php", ["name"] = "PHP mail", ["mode"] = "php", ["php"] = new JsonObject() });
                return;
            case "log" or "array" or "console" or "null" or "dummy" or "file":
                report.Warn("The text keeps mail from leaving: the server that it names is taken over, but mail leaves here.", "原配置不会真正发出邮件：此处采用了其中的服务器，邮件将会发出。");
                break;
        }

        if (Take(values, EnvField.Host, report) is not { } host)
        {
            if (values.Keys.Any(field => field is EnvField.Username or EnvField.Password or EnvField.Port))
            {
                report.Warn("No variable names the server: without it there is no transport.", "没有变量指定服务器：没有它就无法建立发送通道。");
            }

            return;
        }

        settings.Transports.Add(RelayDraft.Of(Relay(host, values, report), report));
    }

    static ImportedRelay Relay(string host, Dictionary<EnvField, EnvValue> values, ImportReport report)
    {
        var (name, own) = ImportedText.HostAndPort(host);
        var port = own ?? Number(values, EnvField.Port, report);
        var tls = values.GetValueOrDefault(EnvField.Tls)?.Tls ?? ImportedTls.Unsaid;
        if (tls == ImportedTls.StartTls && port == 465)
        {
            report.Warn("The text wants TLS on port 465, which speaks it from the start: implicit TLS is chosen.", "文本要求在端口 465 上使用 TLS，该端口直接使用 TLS：已选择隐式 TLS。");
            tls = ImportedTls.Implicit;
        }

        var auth = Take(values, EnvField.Auth, report);
        var method = auth is null ? null : ImportedText.Auth(auth);
        var password = Take(values, EnvField.Password, report);
        if (password?.Contains('$', StringComparison.Ordinal) == true)
        {
            report.Warn("The password has a dollar sign and is taken as it stands; some programs would read a variable there.", "密码中含有美元符号，已按原样采用；某些程序会将其视为变量。");
        }

        return new()
        {
            Host = name,
            Port = port,
            Tls = tls,
            SignsIn = auth is not null && method is null && ImportedText.Flag(auth) == false ? false : null,
            Auth = method ?? SmtpAuthChoice.Auto,
            Username = Take(values, EnvField.Username, report),
            Password = password,
            EhloName = Take(values, EnvField.EhloName, report),
            TimeoutSeconds = Number(values, EnvField.Timeout, report) is { } timeout ? timeout > 600 ? (timeout + 999) / 1000 : timeout : null,
        };
    }

    static int? Number(Dictionary<EnvField, EnvValue> values, EnvField field, ImportReport report)
    {
        if (!values.TryGetValue(field, out var value))
        {
            return null;
        }

        if (ImportedText.Number(value.Value) is { } number)
        {
            report.Recognise(value.Name);
            return number;
        }

        report.Ignore(value.Name, Ignored.Wrong("must be a whole number"));
        return null;
    }

    static string? Take(Dictionary<EnvField, EnvValue> values, EnvField field, ImportReport report)
    {
        if (!values.TryGetValue(field, out var value))
        {
            return null;
        }

        report.Recognise(value.Name);
        return value.Value;
    }

    sealed record EnvValue(string Name, string Value)
    {
        public ImportedTls? Tls { get; init; }
    }
}
