namespace MailPlugin.Tests.Settings.Transfer;

/// <summary>Texts as people paste them: names and values of the documents that the import was asked for from.</summary>
internal static class Pasted
{
    /// <summary>ownCloud, several servers.</summary>
    public const string OwncloudSmtp = """
        <?php

          "mail_smtpmode"     => "smtp",
          "mail_smtphost"     => "smtp-1.server.dom;smtp-2.server.dom:425",
          "mail_smtpport"     => 25,
        """;

    public const string OwncloudLogin = """
        <?php

          "mail_smtpmode"     => "smtp",
          "mail_smtphost"     => "smtp.server.dom:465",
          "mail_smtpsecure"   => 'ssl',
          "mail_smtpauth"     => true,
          "mail_smtpauthtype" => "LOGIN",
          "mail_smtpname"     => "username",
          "mail_smtppassword" => "password",
        """;

    public static string OwncloudProgram(string mode) => $$"""
        <?php

          "mail_smtpmode"     => "{{mode}}",
          "mail_smtphost"     => "127.0.0.1",
          "mail_smtpport"     => 25,
          "mail_smtptimeout"  => 10,
          "mail_smtpsecure"   => "",
          "mail_smtpauth"     => false,
          "mail_smtpauthtype" => "LOGIN",
          "mail_smtpname"     => "",
          "mail_smtppassword" => "",
        """;

    public const string Hyperbdr = """
        | **Configuration Item**  | **Example Value**                 | **Description**              |
        | -------- | --------------------------------- | ----------------------------- |
        | Email Title Prefix   | HyperBDR                          | Stands before each subject.  |
        | SMTP Outbox | no-reply@oneprocloud.com        | Where mail comes from.                |
        | SMTP Username | no-reply@oneprocloud.com        | Usually the same.             |
        | SMTP Password  | \*\*\*\*\*\*\*\*                  | For the login.               |
        | SMTP Server | smtp.qq.com | The provider's. |
        | SMTP Port  | 465                               | 25, 465 (SSL) or 587 (TLS).  |
        | SMTP SSL | Enable                                | SSL or not.                 |
        | SMTP TLS | Disable                               | TLS or not.                |
        | Enable     | Enable                                | Whether mail leaves.       |
        """;

    public const string Dce = """
            | field | description | example value |
            | ----------------- | -------------------------------- ----------------------------- | ------------ |
            | SMTP server address | A server that takes mail | smtp.163.com |
            | SMTP server port | Its port | 25 |
            | Username | Who signs in | test@163.com |
            | Password | Of the account | 123456 |
            | Sender's email address | Where mail comes from | test@163.com |
            | Use SSL secure connection | Encrypts what is sent | Disable |
        """;

    public const string Thingsboard = """
        {
          "id": { "entityType": "ADMIN_SETTINGS", "id": "e7f2b5a0" }, "createdTime": 1700000000000, "key": "mail",
          "jsonValue": {
            "mailFrom": "ThingsBoard <sysadmin@thingsboard.example>", "smtpProtocol": "smtp", "smtpHost": "smtp.sendgrid.net", "smtpPort": "587", "timeout": "10000",
            "enableTls": true, "tlsVersion": "TLSv1.2", "username": "apikey", "password": "SG.s3cret", "enableProxy": false, "showChangePassword": false
          }
        }
        """;

    public const string Laravel = """
        APP_NAME=Shop
        APP_KEY=base64:c2VjcmV0c2VjcmV0
        MAIL_MAILER=smtp
        MAIL_HOST=smtp.mailgun.org
        MAIL_PORT=587
        MAIL_USERNAME=postmaster@example.com
        MAIL_PASSWORD="s3cret # with a hash"
        MAIL_ENCRYPTION=tls
        MAIL_FROM_ADDRESS="hello@example.com"
        MAIL_FROM_NAME="${APP_NAME}"
        """;

    public const string Msmtprc = """
        # the usual
        defaults
        auth           on
        tls            on
        tls_trust_file /etc/ssl/certs/ca-certificates.crt
        logfile        ~/.msmtp.log

        account        backup
        host           mail.example.net
        port           465
        tls_starttls   off
        from           me@example.net
        user           me
        password       "pa\"ss"

        account        main
        host           smtp.example.com
        port           587
        from           me@example.com
        user           me@example.com
        passwordeval   gpg --decrypt ~/.pw

        account default : main
        """;
}
