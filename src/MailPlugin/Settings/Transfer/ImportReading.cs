using System.Text.Json.Nodes;
using MailPlugin.Settings.Transfer.Formats;

namespace MailPlugin.Settings.Transfer;

/// <summary>Finds out what a text is, and has it read by the one that knows the format.</summary>
internal static class ImportReading
{
    public static (ImportFormat Format, ImportedSettings Settings) Read(ImportFormat format, string text, ImportReport report)
    {
        var json = LooseJson.Parse(text);
        if (format == ImportFormat.Auto)
        {
            format = Detect(text, json);
        }

        var settings = format switch
        {
            ImportFormat.Owncloud => OwncloudConfig.Read(text, report),
            ImportFormat.Thingsboard => json is null ? NoJson(report) : ThingsboardMail.Read(json, report),
            ImportFormat.Mailplugin => json is null ? NoJson(report) : OwnExport.Read(json, report),
            ImportFormat.Hyperbdr => FormFields.ReadHyperbdr(text, report),
            ImportFormat.Dce => FormFields.ReadDce(text, report),
            ImportFormat.Env => EnvMail.Read(text, report),
            ImportFormat.Url => SmtpUrl.Read(text, report),
            ImportFormat.Msmtprc => MsmtpConfig.Read(text, report),
            _ => new(),
        };
        if (!report.Recognised.Any())
        {
            report.Warn("Nothing of outgoing mail is recognised in this text.", "未在文本中识别到任何外发邮件设置。");
        }

        return (format, settings);
    }

    /// <summary><see cref="ImportFormat.Auto"/> where nothing fits.</summary>
    static ImportFormat Detect(string text, JsonObject? json)
    {
        if (json is not null)
        {
            return OwnExport.Looks(json) ? ImportFormat.Mailplugin : ThingsboardMail.Looks(json) ? ImportFormat.Thingsboard : ImportFormat.Auto;
        }

        return OwncloudConfig.Looks(text) ? ImportFormat.Owncloud
            : SmtpUrl.Looks(text) ? ImportFormat.Url
            : MsmtpConfig.Looks(text) ? ImportFormat.Msmtprc
            : FormFields.LooksLikeHyperbdr(text) ? ImportFormat.Hyperbdr
            : FormFields.LooksLikeDce(text) ? ImportFormat.Dce
            : EnvMail.Looks(text) ? ImportFormat.Env
            : ImportFormat.Auto;
    }

    static ImportedSettings NoJson(ImportReport report)
    {
        report.Warn("The text is no JSON.", "文本不是 JSON。");
        return new();
    }
}
