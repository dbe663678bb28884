namespace MailPlugin.Settings.Transfer.Formats;

/// <summary>The mail forms of HyperBDR and DCE, by their English labels.</summary>
internal static class FormFields
{
    static readonly Dictionary<string, FormField> HyperbdrLabels = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Email Title Prefix"] = FormField.Prefix,
        ["SMTP Outbox"] = FormField.From,
        ["SMTP Username"] = FormField.Username,
        ["SMTP Password"] = FormField.Password,
        ["SMTP Server"] = FormField.Host,
        ["SMTP Port"] = FormField.Port,
        ["SMTP SSL"] = FormField.Ssl,
        ["SMTP TLS"] = FormField.Tls,
        ["Enable"] = FormField.Enabled,
    };

    static readonly Dictionary<string, FormField> DceLabels = new(StringComparer.OrdinalIgnoreCase)
    {
        ["SMTP server address"] = FormField.Host,
        ["SMTP server port"] = FormField.Port,
        ["Username"] = FormField.Username,
        ["Password"] = FormField.Password,
        ["Sender's email address"] = FormField.From,
        ["Use SSL secure connection"] = FormField.Ssl,
    };

    public static bool LooksLikeHyperbdr(string text) => Looks(text, HyperbdrLabels);

    public static bool LooksLikeDce(string text) => Looks(text, DceLabels);

    public static ImportedSettings ReadHyperbdr(string text, ImportReport report) => Read(text, HyperbdrLabels, report);

    public static ImportedSettings ReadDce(string text, ImportReport report) => Read(text, DceLabels, report);

    static bool Looks(string text, Dictionary<string, FormField> labels) => FieldList.Read(text, lastIsValue: false).Count(field => labels.ContainsKey(field.Label)) >= 3;

    static ImportedSettings Read(string text, Dictionary<string, FormField> labels, ImportReport report)
    {
        var settings = new ImportedSettings();
        var values = Values(text, labels, report);
        var relay = new ImportedRelay
        {
            Host = values.GetValueOrDefault(FormField.Host),
            Port = Port(values, labels, report),
            Tls = Tls(values, report),
            Username = values.GetValueOrDefault(FormField.Username),
            Password = values.GetValueOrDefault(FormField.Password),
        };
        if (values.GetValueOrDefault(FormField.From) is { } from)
        {
            settings.SetFrom(from);
        }

        if (values.GetValueOrDefault(FormField.Prefix) is { } prefix)
        {
            settings.Values["subjectPrefix"] = prefix;
        }

        if (values.TryGetValue(FormField.Enabled, out var enabled) && Flag(enabled, labels, FormField.Enabled, report) is { } on)
        {
            settings.Values["enabled"] = on;
        }

        if (relay.Host is not null)
        {
            settings.Transports.Add(RelayDraft.Of(relay, report));
        }
        else if (values.Count > 0)
        {
            report.Warn("The server is missing: without it there is no transport.", "缺少服务器：没有它就无法建立发送通道。");
        }

        return settings;
    }

    static Dictionary<FormField, string> Values(string text, Dictionary<string, FormField> labels, ImportReport report)
    {
        var values = new Dictionary<FormField, string>();
        foreach (var field in FieldList.Read(text, labels == DceLabels))
        {
            if (!labels.TryGetValue(field.Label, out var known))
            {
                report.IgnoreLine(field.Line, Ignored.Unknown);
            }
            else if (field.Value.Length == 0)
            {
                report.Ignore(field.Label, Ignored.Empty);
            }
            else if (known == FormField.Password && ImportedText.IsMasked(field.Value))
            {
                report.Ignore(field.Label, Ignored.Masked);
                report.Warn("The password is masked in the text: type it before you save.", "文本中的密码已被遮盖：保存前请手动输入。");
            }
            else if (values.TryAdd(known, field.Value))
            {
                report.Recognise(field.Label);
            }
            else
            {
                report.Ignore(field.Label, Ignored.Twice);
            }
        }

        return values;
    }

    static int? Port(Dictionary<FormField, string> values, Dictionary<string, FormField> labels, ImportReport report)
    {
        if (!values.TryGetValue(FormField.Port, out var text))
        {
            return null;
        }

        if (ImportedText.Number(text) is { } port)
        {
            return port;
        }

        report.Ignore(LabelOf(labels, FormField.Port), Ignored.Wrong("must be a whole number"));
        return null;
    }

    /// <summary>SSL means TLS from the start, TLS means STARTTLS.</summary>
    static ImportedTls Tls(Dictionary<FormField, string> values, ImportReport report)
    {
        var (ssl, tls) = (On(values, FormField.Ssl), On(values, FormField.Tls));
        if (ssl == true && tls == true)
        {
            report.Warn("The text switches on both SSL and TLS: TLS from the start is taken.", "文本同时启用了 SSL 和 TLS：采用直接 TLS。");
        }

        return ssl == true ? ImportedTls.Implicit : tls == true ? ImportedTls.StartTls : ssl is null && tls is null ? ImportedTls.Unsaid : ImportedTls.None;
    }

    static bool? On(Dictionary<FormField, string> values, FormField field) => values.TryGetValue(field, out var text) ? ImportedText.Flag(text) : null;

    static bool? Flag(string text, Dictionary<string, FormField> labels, FormField field, ImportReport report)
    {
        if (ImportedText.Flag(text) is { } on)
        {
            return on;
        }

        report.Ignore(LabelOf(labels, field), Ignored.Wrong("must be Enable or Disable"));
        return null;
    }

    static string LabelOf(Dictionary<string, FormField> labels, FormField field) => labels.First(pair => pair.Value == field).Key;

    enum FormField
    {
        Prefix,
        From,
        Username,
        Password,
        Host,
        Port,
        Ssl,
        Tls,
        Enabled,
    }
}
