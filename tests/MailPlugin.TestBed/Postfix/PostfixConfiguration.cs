namespace MailPlugin.TestBed;

/// <summary>What a private Postfix's main.cf, master.cf and SASL file say.</summary>
static class PostfixConfiguration
{
    public static string Main(string folder, PostfixOptions options)
    {
        var refused = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["nobody@test.example"] = "550 5.1.1 no such user",
            ["later@test.example"] = "451 4.3.0 try later",
        };
        foreach (var (address, reply) in options.RecipientReplies)
        {
            refused[address] = reply;
        }

        var replies = string.Join(' ', refused.Select(pair => $"{{{pair.Key}={pair.Value}}}"));
        var owner = Environment.IsPrivilegedProcess ? "65534" : Elevation.UserId;
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["compatibility_level"] = "3.6",
            ["queue_directory"] = $"{folder}/spool",
            ["data_directory"] = $"{folder}/data",
            ["command_directory"] = "/usr/sbin",
            ["daemon_directory"] = "/usr/lib/postfix/sbin",
            ["mail_owner"] = "postfix",
            ["setgid_group"] = "postdrop",
            ["syslog_name"] = "bed",
            ["maillog_file"] = $"{folder}/log/mail.log",
            ["maillog_file_prefixes"] = folder,
            ["inet_interfaces"] = "loopback-only",
            ["inet_protocols"] = "ipv4",
            ["myhostname"] = "localhost",
            ["mydestination"] = "",
            ["mynetworks"] = "127.0.0.0/8 [::1]/128",
            ["alias_maps"] = "",
            ["alias_database"] = "",
            ["local_recipient_maps"] = "",
            ["relayhost"] = "",

            // Nothing leaves the machine and nothing is looked up: every domain is a virtual mailbox domain, every recipient one Maildir.
            ["virtual_mailbox_domains"] = "static:all",
            ["virtual_mailbox_maps"] = "static:all/",
            ["virtual_mailbox_base"] = $"{folder}/mail",
            ["virtual_uid_maps"] = $"static:{owner}",
            ["virtual_gid_maps"] = "static:65534",
            ["virtual_minimum_uid"] = "100",
            ["virtual_mailbox_limit"] = "0",
            ["default_transport"] = "error:no outside delivery in the test bed",
            ["smtpd_peername_lookup"] = "no",
            ["disable_dns_lookups"] = "yes",

            // Postfix would complete the headers of local clients; what a test reads back has to be what was sent.
            ["local_header_rewrite_clients"] = "",
            ["in_flow_delay"] = "0",
            ["message_size_limit"] = "20000000",
            ["smtputf8_enable"] = "yes",
            ["smtpd_tls_security_level"] = "may",
            ["smtpd_tls_cert_file"] = $"{folder}/pki/chain.pem",
            ["smtpd_tls_key_file"] = $"{folder}/pki/key.pem",
            ["smtpd_tls_loglevel"] = "1",
            ["smtpd_tls_received_header"] = "yes",
            ["smtpd_sasl_auth_enable"] = options.DebianDefault ? "no" : "yes",
            ["smtpd_sasl_type"] = "cyrus",
            ["smtpd_sasl_path"] = "smtpd",
            ["smtpd_sasl_local_domain"] = "bed",
            ["smtpd_sasl_security_options"] = "noanonymous",
            ["smtpd_sasl_authenticated_header"] = "yes",
            ["smtpd_client_connection_count_limit"] = "0",
            ["smtpd_client_connection_rate_limit"] = "0",
            ["smtpd_relay_restrictions"] = "",
            ["smtpd_recipient_restrictions"] = $"check_recipient_access inline:{{ {replies} }}, permit_mynetworks, permit_sasl_authenticated, reject",
            ["smtpd_forbid_unauth_pipelining"] = options.Strict ? "yes" : "no",
            ["smtpd_forbid_bare_newline"] = options.Strict ? "yes" : "no",
        };
        foreach (var (parameter, value) in options.Parameters)
        {
            values[parameter] = value;
        }

        return string.Concat(values.Select(pair => $"{pair.Key} = {pair.Value}\n"));
    }

    public static string Master(IReadOnlyList<int> ports, bool debianDefault) => $"""
        127.0.0.1:{ports[0]} inet n - n - - smtpd
        127.0.0.1:{ports[1]} inet n - n - - smtpd
          -o smtpd_tls_wrappermode=yes
        127.0.0.1:{ports[2]} inet n - n - - smtpd
        {(debianDefault ? "" : "  -o smtpd_tls_security_level=encrypt -o smtpd_tls_auth_only=yes -o smtpd_client_restrictions=permit_sasl_authenticated,reject")}
        pickup    unix  n - n 60 1 pickup
        cleanup   unix  n - n - 0 cleanup
        qmgr      unix  n - n 300 1 qmgr
        tlsmgr    unix  - - n 1000? 1 tlsmgr
        rewrite   unix  - - n - - trivial-rewrite
        bounce    unix  - - n - 0 bounce
        defer     unix  - - n - 0 bounce
        trace     unix  - - n - 0 bounce
        verify    unix  - - n - 1 verify
        flush     unix  n - n 1000? 0 flush
        proxymap  unix  - - n - - proxymap
        smtp      unix  - - n - - smtp
        relay     unix  - - n - - smtp
        showq     unix  n - n - - showq
        error     unix  - - n - - error
        retry     unix  - - n - - error
        discard   unix  - - n - - discard
        local     unix  - n n - - local
        virtual   unix  - n n - - virtual
        anvil     unix  - - n - 1 anvil
        scache    unix  - - n - 1 scache
        postlog   unix-dgram n - n - 1 postlogd

        """;

    // Debian's build reads this file from the configuration's own folder; cyrus_sasl_config_path has no effect there.
    public static string Sasl(string folder, PostfixOptions options) => $"""
        pwcheck_method: {options.PasswordCheck}
        auxprop_plugin: sasldb
        sasldb_path: {folder}/sasl/sasldb2
        mech_list: {options.Mechanisms}

        """;
}
