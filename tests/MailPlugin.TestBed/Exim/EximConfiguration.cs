namespace MailPlugin.TestBed;

/// <summary>What a private Exim is told.</summary>
static class EximConfiguration
{
    // Its user's name is built in, and with a configuration of its own it can deliver as that user only. The namespace gets accounts of its own, so
    // that the machine's stay as they are; there the name stands for the tests' own user, who can then read what arrived.
    public static string Script(string folder) => $$"""
        P={{folder}}
        mkdir -p $P/spool $P/log $P/mail
        { grep -v '^Debian-exim:' /etc/passwd; echo 'Debian-exim:x:{{Owner}}:64997::/:/usr/sbin/nologin'; } >$P/passwd
        { grep -v '^Debian-exim:' /etc/group; echo 'Debian-exim:x:64997:'; } >$P/group
        chown {{Owner}}:64997 $P/spool $P/log $P/mail $P/pki/key.pem
        chown root $P/exim.conf
        exec unshare -m /bin/sh -c "mount --bind $P/passwd /etc/passwd && mount --bind $P/group /etc/group &&
          mount -t overlay overlay -o lowerdir={{BedFolder.Of("exim")}}/usr:/usr /usr && exec /usr/sbin/exim4 -C $P/exim.conf -bdf"
        """;

    public static string Text(string folder, IReadOnlyList<int> ports) => $$$$"""
        primary_hostname = localhost
        spool_directory = {{{{folder}}}}/spool
        log_file_path = {{{{folder}}}}/log/%slog
        pid_file_path = {{{{folder}}}}/exim.pid
        local_interfaces = 127.0.0.1
        daemon_smtp_ports = {{{{string.Join(" : ", ports)}}}}
        tls_on_connect_ports = {{{{ports[1]}}}}
        tls_advertise_hosts = *
        tls_certificate = {{{{folder}}}}/pki/chain.pem
        tls_privatekey = {{{{folder}}}}/pki/key.pem
        chunking_advertise_hosts = *
        pipelining_advertise_hosts = *
        smtputf8_advertise_hosts = *
        dsn_advertise_hosts = *
        prdr_enable = true
        host_lookup =
        rfc1413_hosts =
        helo_allow_chars = _
        keep_environment =
        never_users =
        message_size_limit = 20M
        acl_smtp_rcpt = rcpt
        begin acl
        rcpt:
          deny recipients = nobody@test.example
               message = no such user
          defer recipients = later@test.example
          deny condition = ${if eq{$received_port}{{{{{ports[2]}}}}}}
               !authenticated = *
               message = authentication required
          accept
        begin routers
        all:
          driver = accept
          transport = maildir
        begin transports
        maildir:
          driver = appendfile
          directory = {{{{folder}}}}/mail/all
          maildir_format
          create_directory
          user = Debian-exim
          group = Debian-exim
          delivery_date_add
          envelope_to_add
          return_path_add
        begin retry
        * * F,1h,1m
        begin authenticators
        plain:
          driver = plaintext
          public_name = PLAIN
          server_prompts = :
          server_condition = ${if and{{eq{$auth2}{user}}{eq{$auth3}{s3cret}} }}
          server_set_id = $auth2
        login:
          driver = plaintext
          public_name = LOGIN
          server_prompts = Username:: : Password::
          server_condition = ${if and{{eq{$auth1}{user}}{eq{$auth2}{s3cret}} }}
          server_set_id = $auth1
        cram:
          driver = cram_md5
          public_name = CRAM-MD5
          server_secret = ${if eq{$auth1}{user}{s3cret}fail}
          server_set_id = $auth1

        """;

    static string Owner => Environment.IsPrivilegedProcess ? "65534" : Elevation.UserId;
}
