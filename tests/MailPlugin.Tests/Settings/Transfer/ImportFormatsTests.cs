using System.Text.Json.Nodes;
using MailPlugin.Settings.Transfer;

namespace MailPlugin.Tests.Settings.Transfer;

public sealed class ImportFormatsTests
{
    [Fact]
    public void OC_8_several_servers_become_transports_in_their_order_each_with_its_port()
    {
        var imported = Imported.Of(Pasted.OwncloudSmtp);

        Assert.Equal(ImportFormat.Owncloud, imported.Format);
        Assert.Equal(
            [("smtp-1-server-dom", "smtp-1.server.dom", 25), ("smtp-2-server-dom", "smtp-2.server.dom", 425)],
            imported.Transports.Select(transport => (transport!["id"]!.ToString(), transport["smtp"]!["host"]!.ToString(), transport["smtp"]!["port"]!.GetValue<int>())));
        Assert.Equal(("startTlsIfOffered", "none"), (imported.Smtp["security"]!.ToString(), imported.Smtp["auth"]!.ToString()));
        Assert.Equal(["mail_smtpmode", "mail_smtphost", "mail_smtpport"], imported.Recognised);
        Assert.Empty(imported.Warnings);
    }

    [Theory]
    [InlineData("\"mail_smtphost\" => \"a.example\",", 25)]
    [InlineData("'mail_smtpmode' => 'smtp', 'mail_smtphost' => 'a.example:425', 'mail_smtpport' => 25", 425)]
    [InlineData("'mail_smtpmode' => 'smtp', 'mail_smtphost' => 'a.example', 'mail_smtpport' => '2525'", 2525)]
    [InlineData("'mail_smtpmode' => 'smtp', 'mail_smtphost' => 'a.example', 'mail_smtpsecure' => 'ssl'", 465)]
    [InlineData("'mail_smtpmode' => 'smtp', 'mail_smtphost' => 'a.example', 'mail_smtpsecure' => 'tls'", 25)]
    public void OC_9_without_a_port_it_is_25(string text, int port) => Assert.Equal(port, Imported.Of(text).Smtp["port"]!.GetValue<int>());

    [Theory]
    [InlineData("10", true)]
    [InlineData("29", true)]
    [InlineData("30", false)]
    public void OC_9_the_timeout_is_read_and_a_short_one_is_warned_of(string seconds, bool isShort)
    {
        var imported = Imported.Of($"'mail_smtpmode' => 'smtp', 'mail_smtphost' => 'a.example', 'mail_smtptimeout' => {seconds}");

        Assert.Equal(seconds, imported.Smtp["timeoutSeconds"]!.ToString());
        Assert.Equal(isShort, imported.Warnings.Any(warning => warning.Contains("less than 30 seconds", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("ssl", "implicitTls")]
    [InlineData("tls", "startTls")]
    [InlineData("", "startTlsIfOffered")]
    public void OC_10_encryption_is_read(string secure, string security) =>
        Assert.Equal(security, Imported.Of($"'mail_smtpmode' => 'smtp', 'mail_smtphost' => 'a.example', 'mail_smtpport' => 587, 'mail_smtpsecure' => '{secure}'").Smtp["security"]!.ToString());

    [Fact]
    public void OC_11_a_login_is_read()
    {
        var smtp = Imported.Of(Pasted.OwncloudLogin).Smtp;

        Assert.Equal(("login", "username", "password", "implicitTls", 465), (smtp["auth"]!.ToString(), smtp["username"]!.ToString(), smtp["password"]!.ToString(), smtp["security"]!.ToString(), (int)smtp["port"]!));
    }

    [Fact]
    public void A_password_that_the_text_sends_without_TLS_goes_over_STARTTLS_and_that_is_said()
    {
        var imported = Imported.Of("'mail_smtpmode' => 'smtp', 'mail_smtphost' => 'a.example', 'mail_smtpauth' => 1, 'mail_smtpname' => 'u', 'mail_smtppassword' => 'p'");

        Assert.Equal("startTls", imported.Smtp["security"]!.ToString());
        Assert.Contains(imported.Warnings, warning => warning.Contains("STARTTLS is required", StringComparison.Ordinal));
    }

    [Fact]
    public void A_login_that_is_switched_off_is_not_taken_over()
    {
        var imported = Imported.Of("'mail_smtpmode' => 'smtp', 'mail_smtphost' => 'a.example', 'mail_smtpauth' => false, 'mail_smtpname' => 'u', 'mail_smtppassword' => 'p'");

        Assert.False(imported.Smtp.ContainsKey("username"));
        Assert.Contains("login off", imported.Ignored["mail_smtppassword"], StringComparison.Ordinal);
    }

    [Fact]
    public void From_is_put_together_of_two_values()
    {
        Assert.Equal("cloud@example.com", Imported.Of("'mail_smtphost' => 'a.example', 'mail_from_address' => 'cloud', 'mail_domain' => 'example.com'").Draft["from"]!["address"]!.ToString());
        var half = Imported.Of("'mail_smtphost' => 'a.example', 'mail_from_address' => 'cloud'");
        Assert.Null(half.Draft["from"]);
        Assert.Contains(half.Warnings, warning => warning.Contains("mail_domain", StringComparison.Ordinal));
    }

    [Fact]
    public void OC_13_debug_is_no_setting_and_is_explained() =>
        Assert.Contains("dialogue", Imported.Of(Pasted.OwncloudSmtp + "\n'mail_smtpdebug' => true,").Ignored["mail_smtpdebug"], StringComparison.Ordinal);

    [Fact]
    public void A_whole_config_is_read_and_of_other_settings_only_names_are_told()
    {
        var imported = Imported.Of("""
            <?php
            $CONFIG = array (
              'instanceid' => 'oc1234',
              'passwordsalt' => 's4lt-c4nary',
              'trusted_domains' => array (0 => 'cloud.example', 1 => 'mail_smtphost'),
              'dbpassword' => 'db-c4nary', // the database's
              'mail_smtpmode' => 'smtp', # comment
              'mail_smtphost' => getenv('MAIL_HOST'),
              'mail_smtpname' => "user$suffix",
              /* 'mail_smtphost' => 'old.example', */
              'mail_smtpport' => 20 + 5,
              'mail_smtpstreamoptions' => ['ssl' => ['verify_peer' => false, 'allow_self_signed' => true]],
              'mail_from_address' => 'it\'s',
            );
            """);

        Assert.Equal(["mail_smtphost", "mail_smtpname", "mail_smtpport"], imported.Ignored.Where(pair => pair.Value.Contains("computed", StringComparison.Ordinal)).Select(pair => pair.Key));
        Assert.Contains("always checked", imported.Ignored["mail_smtpstreamoptions"], StringComparison.Ordinal);
        Assert.Contains("dbpassword", imported.Ignored.Keys);
        Assert.DoesNotContain("verify_peer", imported.Ignored.Keys);
        Assert.DoesNotContain("c4nary", imported.Told, StringComparison.Ordinal);
        Assert.Empty(imported.Transports);
    }

    [Fact]
    public void The_source_of_a_page_and_its_curly_quotes_are_read()
    {
        var imported = Imported.Of("&lt;?php\n  &quot;mail_smtpmode&quot; =&gt; &quot;smtp&quot;,\n  “mail_smtphost” =&gt; “smtp.server.dom”,\n");

        Assert.Equal("smtp.server.dom", imported.Smtp["host"]!.ToString());
    }

    [Fact]
    public void Mail_that_is_switched_off_stays_off()
    {
        var imported = Imported.Of("'mail_smtpmode' => 'null', 'mail_smtphost' => 'a.example'");

        Assert.False(imported.Draft["enabled"]!.GetValue<bool>());
        Assert.NotEmpty(imported.Warnings);
    }

    [Fact]
    public void HB_6_the_table_of_HyperBDR_is_read()
    {
        var imported = Imported.Of(Pasted.Hyperbdr);

        Assert.Equal(ImportFormat.Hyperbdr, imported.Format);
        Assert.Equal(("HyperBDR", "no-reply@oneprocloud.com", true), (imported.Draft["subjectPrefix"]!.ToString(), imported.Draft["from"]!["address"]!.ToString(), (bool)imported.Draft["enabled"]!));
        Assert.Equal(("smtp.qq.com", 465, "implicitTls", "no-reply@oneprocloud.com"), (imported.Smtp["host"]!.ToString(), (int)imported.Smtp["port"]!, imported.Smtp["security"]!.ToString(), imported.Smtp["username"]!.ToString()));
        Assert.False(imported.Smtp.ContainsKey("password"));
        Assert.Contains("masked", imported.Ignored["SMTP Password"], StringComparison.Ordinal);
        Assert.Contains(imported.Warnings, warning => warning.Contains("masked", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Email Title Prefix\tHyperBDR\nSMTP Outbox\ta@example.com\nSMTP Server\tsmtp.example.com\nSMTP Port\t587\nSMTP SSL\tDisable\nSMTP TLS\tEnable\nEnable\tDisable", "startTls", false)]
    [InlineData("Email Title Prefix: HyperBDR\nSMTP Outbox: a@example.com\nSMTP Server: smtp.example.com\nSMTP Port: 465\nSMTP SSL: enable\nSMTP TLS: enable\nEnable: ENABLE", "implicitTls", true)]
    [InlineData("Email Title Prefix   HyperBDR\nSMTP Outbox   a@example.com\nSMTP Server   smtp.example.com\nSMTP Port   25\nSMTP SSL   Disable\nSMTP TLS   Disable", "startTlsIfOffered", true)]
    public void Fields_are_read_in_every_form_that_people_paste(string text, string security, bool enabled)
    {
        var imported = Imported.Of(text);

        Assert.Equal(ImportFormat.Hyperbdr, imported.Format);
        Assert.Equal(("smtp.example.com", security), (imported.Smtp["host"]!.ToString(), imported.Smtp["security"]!.ToString()));
        Assert.Equal(enabled, (bool)imported.Draft["enabled"]!);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_table_of_DCE_is_read_with_and_without_its_heading(bool heading)
    {
        var text = heading ? Pasted.Dce : string.Join('\n', Pasted.Dce.Split('\n').Skip(2));
        var imported = Imported.Of(text);

        Assert.Equal(ImportFormat.Dce, imported.Format);
        Assert.Equal(("smtp.163.com", 25, "test@163.com", "123456"), (imported.Smtp["host"]!.ToString(), (int)imported.Smtp["port"]!, imported.Smtp["username"]!.ToString(), imported.Smtp["password"]!.ToString()));
        Assert.Equal("test@163.com", imported.Draft["from"]!["address"]!.ToString());
        Assert.Equal("startTls", imported.Smtp["security"]!.ToString());
        Assert.DoesNotContain("123456", imported.Told, StringComparison.Ordinal);
    }

    [Fact]
    public void ThingsBoards_settings_are_read()
    {
        var imported = Imported.Of(Pasted.Thingsboard);

        Assert.Equal(ImportFormat.Thingsboard, imported.Format);
        Assert.Equal(("sysadmin@thingsboard.example", "ThingsBoard"), (imported.Draft["from"]!["address"]!.ToString(), imported.Draft["from"]!["name"]!.ToString()));
        Assert.Equal(
            ("smtp.sendgrid.net", 587, "startTls", "apikey", "SG.s3cret", 10),
            (imported.Smtp["host"]!.ToString(), (int)imported.Smtp["port"]!, imported.Smtp["security"]!.ToString(), imported.Smtp["username"]!.ToString(), imported.Smtp["password"]!.ToString(), (int)imported.Smtp["timeoutSeconds"]!));
        Assert.Equal("SG.s3cret", imported.Smtp["password"]!.ToString());
        Assert.DoesNotContain("SG.", imported.Told, StringComparison.Ordinal);
    }

    [Fact]
    public void ThingsBoards_values_alone_with_TLS_from_the_start_and_a_proxy_are_read()
    {
        var smtp = Imported.Of("""
            { "mailFrom": "a@example.com", "smtpProtocol": "smtps", "smtpHost": "smtp.example.com", "smtpPort": 465, "timeout": 500, "enableTls": "false", "tlsVersion": "TLSv1.3",
              "enableProxy": true, "proxyHost": "proxy.example.com", "proxyPort": 3128, "proxyUser": "p", "proxyPassword": "pp" }
            """).Smtp;

        Assert.Equal(("implicitTls", "1.3", 1), (smtp["security"]!.ToString(), smtp["minimumTls"]!.ToString(), (int)smtp["timeoutSeconds"]!));
        Assert.Equal("""{"type":"http","host":"proxy.example.com","port":3128,"username":"p","password":"pp"}""", smtp["proxy"]!.ToJsonString());
    }

    [Fact]
    public void Variables_of_a_framework_are_read_and_those_that_refer_to_others_are_not_looked_up()
    {
        var imported = Imported.Of(Pasted.Laravel);

        Assert.Equal(ImportFormat.Env, imported.Format);
        Assert.Equal(
            ("smtp.mailgun.org", 587, "startTls", "postmaster@example.com", "s3cret # with a hash"),
            (imported.Smtp["host"]!.ToString(), (int)imported.Smtp["port"]!, imported.Smtp["security"]!.ToString(), imported.Smtp["username"]!.ToString(), imported.Smtp["password"]!.ToString()));
        Assert.Equal("hello@example.com", imported.Draft["from"]!["address"]!.ToString());
        Assert.Contains("computed", imported.Ignored["MAIL_FROM_NAME"], StringComparison.Ordinal);
        Assert.Equal("is no setting of outgoing mail", imported.Ignored["APP_KEY"]);
        Assert.DoesNotContain("s3cret", imported.Told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SMTP_HOST=h.example\nSMTP_PORT=465\nSMTP_USER=u\nSMTP_PASS=p\nSMTP_SECURE=true", 465, "implicitTls", "u")]
    [InlineData("export SMTP_HOST='h.example'\nexport SMTP_PORT=\"2525\" # comment", 2525, "startTlsIfOffered", null)]
    [InlineData("EMAIL_HOST=h.example\nEMAIL_PORT=587\nEMAIL_HOST_USER=u\nEMAIL_HOST_PASSWORD=p\nEMAIL_USE_TLS=True\nEMAIL_USE_SSL=False", 587, "startTls", "u")]
    [InlineData("EMAIL_HOST=h.example\nEMAIL_USE_TLS=False\nEMAIL_USE_SSL=True", 465, "implicitTls", null)]
    [InlineData("SMTP_ADDRESS=h.example\nSMTP_LOGIN=u\nSMTP_PASSWORD=p", 587, "auto", "u")]
    [InlineData("GF_SMTP_HOST=h.example:587\nGF_SMTP_USER=u\nGF_SMTP_PASSWORD=p", 587, "auto", "u")]
    [InlineData("  environment:\n    SMTP_HOST: h.example\n    - SMTP_PORT=587\n", 587, "startTlsIfOffered", null)]
    [InlineData("MAIL_SMTP_HOST=h.example\nMAIL_SMTP_PORT=465", 465, "implicitTls", null)]
    [InlineData("SMTP_HOST=h.example\nSMTP_PORT=25\nSMTP_TLS=none\nSMTP_AUTH=off\nSMTP_USER=u", 25, "startTlsIfOffered", null)]
    [InlineData("SMTP_URL=smtps://u:p%40ss@h.example", 465, "implicitTls", "u")]
    [InlineData("MAILER_DSN=\"smtp://u:p@h.example:2525?encryption=tls\"", 2525, "startTls", "u")]
    public void Variables_are_read_by_the_names_that_frameworks_use(string text, int port, string security, string? user)
    {
        var imported = Imported.Of(text);

        Assert.Equal(ImportFormat.Env, imported.Format);
        Assert.Equal(("h.example", port, security, user), (imported.Smtp["host"]!.ToString(), (int)imported.Smtp["port"]!, imported.Smtp["security"]!.ToString(), imported.Smtp["username"]?.ToString()));
    }

    [Fact]
    public void Two_variables_that_disagree_are_told_without_their_values()
    {
        var imported = Imported.Of("SMTP_HOST=a.example\nMAIL_HOST=b.example\nSMTP_PASSWORD=c4nary-1\nMAIL_PASSWORD=c4nary-2\nSMTP_USER=u\nSMTP_PASSWORD_FILE=/run/secrets/x\nSMTP_TLS_REJECT_UNAUTHORIZED=0");

        Assert.Equal(("a.example", "c4nary-1"), (imported.Smtp["host"]!.ToString(), imported.Smtp["password"]!.ToString()));
        Assert.Contains(imported.Warnings, warning => warning.StartsWith("SMTP_PASSWORD and MAIL_PASSWORD say different things", StringComparison.Ordinal));
        Assert.Contains("not read", imported.Ignored["SMTP_PASSWORD_FILE"], StringComparison.Ordinal);
        Assert.Contains("always checked", imported.Ignored["SMTP_TLS_REJECT_UNAUTHORIZED"], StringComparison.Ordinal);
        Assert.DoesNotContain("c4nary", imported.Told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("smtps://user:p%40ss@smtp.example.com", "smtp.example.com", 465, "implicitTls", "user", "p@ss")]
    [InlineData("smtps://user:p@ss/w#rd@smtp.example.com:8465", "smtp.example.com", 8465, "implicitTls", "user", "p@ss/w#rd")]
    [InlineData("smtp://user%40example.com:secret@smtp.example.com:587", "smtp.example.com", 587, "auto", "user@example.com", "secret")]
    [InlineData("smtp://user@example.com:secret@smtp.example.com", "smtp.example.com", 587, "auto", "user@example.com", "secret")]
    [InlineData("smtp://localhost:25", "localhost", 25, "startTlsIfOffered", null, null)]
    [InlineData("smtp://[2001:db8::1]:2525", "2001:db8::1", 2525, "startTlsIfOffered", null, null)]
    [InlineData("SMTP+STARTTLS://u:p@smtp.example.com/", "smtp.example.com", 587, "startTls", "u", "p")]
    [InlineData("smtp://u:p@smtp.example.com:465?from=a@example.com&timeout=20", "smtp.example.com", 465, "implicitTls", "u", "p")]
    [InlineData("smtp://u:a:b:c@smtp.example.com:587", "smtp.example.com", 587, "auto", "u", "a:b:c")]
    [InlineData("smtp://u:100%@smtp.example.com:587", "smtp.example.com", 587, "auto", "u", "100%")]
    public void Addresses_are_read_whatever_the_password(string url, string host, int port, string security, string? user, string? password)
    {
        var imported = Imported.Of(url);

        Assert.Equal(ImportFormat.Url, imported.Format);
        Assert.Equal(
            (host, port, security, user, password),
            (imported.Smtp["host"]!.ToString(), (int)imported.Smtp["port"]!, imported.Smtp["security"]!.ToString(), imported.Smtp["username"]?.ToString(), imported.Smtp["password"]?.ToString()));
    }

    [Fact]
    public void Several_addresses_are_tried_in_their_order()
    {
        var imported = Imported.Of("failover(smtp://a:p@one.example:587 smtps://b:q@two.example?verify_peer=0)");

        Assert.Equal(["one-example", "two-example"], imported.Transports.Select(transport => transport!["id"]!.ToString()));
        Assert.Contains("always checked", imported.Ignored["verify_peer"], StringComparison.Ordinal);
    }

    [Fact]
    public void Accounts_of_msmtp_are_read_the_default_one_first()
    {
        var imported = Imported.Of(Pasted.Msmtprc);

        Assert.Equal(ImportFormat.Msmtprc, imported.Format);
        Assert.Equal(["main", "backup"], imported.Transports.Select(transport => transport!["id"]!.ToString()));
        Assert.Equal(("smtp.example.com", 587, "startTls", "me@example.com"), (imported.Smtp["host"]!.ToString(), (int)imported.Smtp["port"]!, imported.Smtp["security"]!.ToString(), imported.Smtp["username"]!.ToString()));
        var backup = imported.Transports[1]!["smtp"]!;
        Assert.Equal(("implicitTls", "pa\"ss"), (backup["security"]!.ToString(), backup["password"]!.ToString()));
        Assert.Equal("me@example.com", imported.Draft["from"]!["address"]!.ToString());
        Assert.Contains("executed", imported.Ignored["passwordeval"], StringComparison.Ordinal);
        Assert.Contains(imported.Warnings, warning => warning.Contains("not executed", StringComparison.Ordinal));
        Assert.DoesNotContain("gpg", imported.Told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pinned_certificate_and_a_proxy_of_msmtp_are_read_and_checks_stay_on()
    {
        var pin = string.Join(':', Enumerable.Repeat("AB", 32));
        var imported = Imported.Of($"account a\nhost h.example\ntls on\ntls_certcheck off\ntls_fingerprint {pin}\nproxy_host 127.0.0.1\nproxy_port 9050\nauth cram-md5\nuser u\npassword p\ndomain me.example\n");

        Assert.Equal(("pinned", "127.0.0.1", 9050, "cramMd5", "me.example", 25), (
            imported.Smtp["certificate"]!["trust"]!.ToString(), imported.Smtp["proxy"]!["host"]!.ToString(), (int)imported.Smtp["proxy"]!["port"]!, imported.Smtp["auth"]!.ToString(),
            imported.Smtp["ehloName"]!.ToString(), (int)imported.Smtp["port"]!));
        Assert.Contains("always checked", imported.Ignored["tls_certcheck"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_breaks_a_rule_is_left_out_and_told()
    {
        var imported = Imported.Of("SMTP_HOST=h.example\nSMTP_PORT=99999\nSMTP_TIMEOUT=0\nMAIL_FROM=nobody");

        Assert.False(imported.Smtp.ContainsKey("port"));
        Assert.Contains("between 1 and 65535", imported.Ignored["transports[id=h-example].smtp.port"], StringComparison.Ordinal);
        Assert.Null(imported.Draft["from"]);
    }

    [Fact]
    public void What_is_no_host_is_in_no_id_and_no_warning()
    {
        foreach (var text in new[] { "smtp://user:c4nary", "SMTP_HOST=c4nary c4nary", "'mail_smtpmode' => 'smtp', 'mail_smtphost' => 'u:c4nary'", "SMTP Server: c4nary:x y\nSMTP Port: 1\nSMTP SSL: x" })
        {
            Assert.DoesNotContain("c4nary", Imported.Of(text).Told, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Lorem ipsum dolor sit amet.")]
    [InlineData("{}")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("PATH=/usr/bin")]
    [InlineData("https://example.com/")]
    public void What_is_nothing_of_mail_is_said_to_be_nothing(string text)
    {
        var imported = Imported.Of(text);

        Assert.Equal((ImportFormat.Auto, 0), (imported.Format, imported.Recognised.Count));
        Assert.Contains(imported.Warnings, warning => warning.StartsWith("Nothing of outgoing mail", StringComparison.Ordinal));
    }

    [Fact]
    public void A_named_format_holds_whatever_the_text_looks_like()
    {
        Assert.Contains(Imported.Of("SMTP_HOST=h.example", ImportFormat.Thingsboard).Warnings, warning => warning == "The text is no JSON.");
        Assert.Equal("h.example", Imported.Of("SMTP_HOST=h.example", ImportFormat.Env).Smtp["host"]!.ToString());
        Assert.Empty(Imported.Of("SMTP_HOST=h.example", ImportFormat.Owncloud).Recognised);
    }

    [Fact]
    public void Programs_are_read_where_the_text_names_one()
    {
        foreach (var mode in new[] { "php", "sendmail", "qmail" })
        {
            var report = new ImportReport();
            var (_, settings) = ImportReading.Read(ImportFormat.Auto, Pasted.OwncloudProgram(mode), report);

            Assert.Equal(mode, Assert.Single(settings.Transports)["mode"]!.ToString());
            Assert.Contains("mail_smtphost", report.Ignored.Select(item => item.Name));
            Assert.Equal(["mail_smtpmode"], report.Recognised);
        }
    }
}
