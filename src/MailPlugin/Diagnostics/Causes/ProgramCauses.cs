using MailPlugin.Http;
using MailPlugin.Transports;
using MailPlugin.Transports.Php;
using MailPlugin.Transports.Programs;

namespace MailPlugin.Diagnostics.Causes;

/// <summary>Why a program on this host did not take a message.</summary>
internal static class ProgramCauses
{
    public static Cause Of(Evidence seen) => seen.Program switch
    {
        null => seen.Reply is { } against ? UnsafeAddress(against.Text) : CauseCatalog.Unknown(),
        { End: ProgramEnd.Missing } program => Missing(program.Path),
        { End: ProgramEnd.IsFolder } program => IsFolder(program.Path),
        { End: ProgramEnd.NotExecutable } program => NotExecutable(program.Path),
        { End: ProgramEnd.PermissionDenied } program => NotPermitted(program.Path),
        { End: ProgramEnd.InterpreterMissing } program => NoInterpreter(program.Path),
        { End: ProgramEnd.NotAProgram } program => NotAProgram(program.Path),
        { End: ProgramEnd.NotStarted } => NotStarted(seen.Fault?.Detail ?? ""),
        { End: ProgramEnd.NotSupported } => NotSupported(),
        { End: ProgramEnd.Killed } program => Killed(program.Path, program.Signal ?? 0),
        { End: ProgramEnd.Lost } => ExitLost(),
        { End: ProgramEnd.TimedOut or ProgramEnd.Canceled } program => TimedOut(program.Path, program.MayHaveIt),
        { ExitCode: PhpExit.NoMail } => NoMailFunction(),
        { ExitCode: PhpExit.SaidNo } => PhpSaidNo(),
        { ExitCode: PhpExit.NotWhole or PhpExit.Threw } => PhpBroke(),
        { ExitCode: 0 } program when seen is { Transport.Php: not null, Fault.Kind: TransportFaultKind.ProgramUnusable } => NotPhp(program.Path),
        { ExitCode: 0 } program when seen.Fault?.Kind == TransportFaultKind.ProgramFailed => seen.Transport.Sendmail?.Style == Settings.SendmailStyle.Smtp ? BrokeOff(program.Path) : ReadNothing(program.Path),
        { ExitCode: Sysexits.Usage or Sysexits.NoPermission or Sysexits.Configuration } program => SetWrong(program.Path),
        { ExitCode: Sysexits.DataError or Sysexits.NoUser or Sysexits.QmailPermanent } program => Refused(program.Path),
        { ExitCode: Sysexits.Temporary or Sysexits.QmailTemporary } program => Busy(program.Path),
        { } program => Failed(program.Path, program.ExitCode ?? 0),
    };

    static Cause Missing(string path) => new("program-missing",
        new($"There is no program at {path}.", $"{path} 处没有程序。"),
        [new("Check the path. On Debian and Ubuntu a mail system such as Postfix or msmtp-mta brings /usr/sbin/sendmail.", "请检查路径。在 Debian 和 Ubuntu 上，Postfix 或 msmtp-mta 等邮件系统提供 /usr/sbin/sendmail。"),
        new("In a container the program must be in the same image as this host.", "在容器中，程序必须与本主机位于同一镜像。")]);

    static Cause IsFolder(string path) => new("program-is-folder",
        new($"{path} is a folder, not a program.", $"{path} 是文件夹，不是程序。"),
        [new("Name the program itself, such as /usr/sbin/sendmail.", "请填写程序本身的路径，例如 /usr/sbin/sendmail。")]);

    static Cause NotExecutable(string path) => new("program-not-executable",
        new($"{path} is not executable.", $"{path} 不可执行。"),
        [new("Check that it is the program, and not its configuration; make it executable with chmod +x.", "请确认它是程序而不是配置文件；用 chmod +x 设为可执行。")]);

    static Cause NotPermitted(string path) => new("program-not-permitted",
        new($"This host's user may not run {path}.", $"本主机的运行用户无权执行 {path}。"),
        [new("Check the rights of the program and of the folders above it for the user that this host runs as.", "请检查运行用户对该程序及其上级文件夹的权限。"),
        new("A file system mounted with noexec, AppArmor, SELinux or a service's sandbox may forbid it too.", "以 noexec 挂载的文件系统、AppArmor、SELinux 或服务沙箱也可能禁止执行。")]);

    static Cause NoInterpreter(string path) => new("program-no-interpreter",
        new($"What {path} names in its first line to run it is missing.", $"{path} 首行指定的解释器不存在。"),
        [new("Install it, or mend the first line; a line end from Windows there has the same effect.", "请安装该解释器或修正首行；首行带有 Windows 换行符也会如此。")]);

    static Cause NotAProgram(string path) => new("program-not-a-program",
        new($"{path} is not a program for this system.", $"{path} 不是本系统可运行的程序。"),
        [new("A script needs a first line such as #!/bin/sh; a binary must be made for this processor.", "脚本首行需类似 #!/bin/sh；二进制文件必须适用于本机处理器。")]);

    static Cause NotStarted(string detail) => new("program-not-started",
        new($"The system could not start the program: {detail}", $"系统无法启动程序：{detail}"),
        [new("Memory or the number of processes may be used up on this host.", "本机的内存或进程数可能已用尽。")]);

    static Cause NotSupported() => new("program-not-supported",
        new("Programs are run on Linux only.", "仅支持在 Linux 上运行程序。"),
        [new("Use a transport of mode SMTP.", "请使用 SMTP 方式。")]);

    static Cause Killed(string path, int signal) => new("program-killed",
        new($"{path} was ended by signal {signal}.", $"{path} 被信号 {signal} 终止。"),
        [new("Signal 9 often means that the system ran out of memory; 11 is a fault of the program itself.", "信号 9 常表示系统内存不足；11 表示程序自身出错。"),
        new("The system's log knows more: journalctl -k.", "系统日志中有更多信息：journalctl -k。")]);

    static Cause ExitLost() => new("program-exit-lost",
        new("Whether the program succeeded is not known: this host was started with SIGCHLD ignored.", "无法得知程序是否成功：本主机启动时忽略了 SIGCHLD。"),
        [new("Start the host by a service manager, or without trap '' CHLD in the script that starts it.", "请用服务管理器启动本主机，或从启动脚本中去掉 trap '' CHLD。")]);

    static Cause TimedOut(string path, bool mayHaveIt) => new("program-timeout",
        mayHaveIt
            ? new($"{path} took the message, did not end in time and was ended: the message may have arrived.", $"{path} 已读取邮件但未按时结束，已被终止：邮件可能已送达。")
            : new($"{path} did not end in time and was ended, with all its children.", $"{path} 未按时结束，已连同其子进程一起终止。"),
        [new("Run it by hand as this host's user: does it wait for something?", "请以本主机的运行用户手动执行：它是否在等待什么？"),
        new("A program that delivers while one waits, such as msmtp, needs more time for large messages: raise the timeout.", "像 msmtp 这样边投递边等待的程序，发送大邮件需要更长时间：请调大超时。")]);

    static Cause ReadNothing(string path) => new("program-read-nothing",
        new($"{path} ended well, but did not read the message: it cannot have sent it.", $"{path} 正常结束，但没有读取邮件：不可能已发送。"),
        [new("Check that the path names a mail program.", "请确认路径指向的是邮件程序。")]);

    static Cause BrokeOff(string path) => new("program-broke-off",
        new($"{path} does not speak SMTP on its standard input and output.", $"{path} 不在标准输入输出上使用 SMTP。"),
        [new("Not every sendmail knows -bs (msmtp does not): choose the style pipe.", "并非所有 sendmail 都支持 -bs（msmtp 不支持）：请选择管道方式。")]);

    static Cause SetWrong(string path) => new("program-set-wrong",
        new($"{path} says that it is set up or called wrongly, or may not do this.", $"{path} 表示其配置或调用方式有误，或无权操作。"),
        [new("Its own words say why. msmtp says this of a refused login or a missing configuration file.", "原因见程序输出。msmtp 在登录被拒或缺少配置文件时会如此。")]);

    static Cause Refused(string path) => new("program-refused",
        new($"{path} refuses the message or its recipient for good.", $"{path} 永久拒绝了该邮件或收件人。"),
        [new("Its own words say why.", "原因见程序输出。"), new("Check the recipient's address.", "请检查收件人地址。")]);

    static Cause Busy(string path) => new("program-busy",
        new($"{path} cannot take the message now.", $"{path} 暂时无法接收邮件。"),
        [new("Its own words say why: often its relay does not answer, or a disk is full.", "原因见程序输出：常因上游服务器无响应或磁盘已满。")]);

    static Cause Failed(string path, int code) => new("program-failed",
        new($"{path} failed with exit code {code}.", $"{path} 失败，退出码 {code}。"),
        [new("Its own words say why; run it by hand as this host's user with the same arguments.", "原因见程序输出；请以本主机的运行用户用相同参数手动执行。")]);

    static Cause NoMailFunction() => new("php-mail-disabled",
        new("PHP has no mail() here: disable_functions in php.ini names it.", "PHP 中没有 mail()：php.ini 的 disable_functions 禁用了它。"),
        [new("Name another php.ini for this transport, in which mail() is allowed.", "请为此发送通道指定另一份允许 mail() 的 php.ini。"),
        new("Or send by SMTP or sendmail.", "或改用 SMTP 或 sendmail。")]);

    static Cause PhpSaidNo() => new("php-mail-failed",
        new("PHP's mail() returned false: the program behind sendmail_path did not take the message.", "PHP 的 mail() 返回 false：sendmail_path 指定的程序未接收邮件。"),
        [new("Its own words say why, where there are any; PHP itself keeps the exit code.", "原因见程序输出（如有）；PHP 不会给出退出码。"),
        new("Look at sendmail_path in php.ini: is the program there, and does it work by hand?", "请检查 php.ini 中的 sendmail_path：程序是否存在，手动执行是否正常？"),
        new("A transport of mode sendmail with the same program says more.", "用同一程序新建 sendmail 方式可得到更多信息。")]);

    static Cause PhpBroke() => new("php-broke",
        new("PHP could not call mail() with this message.", "PHP 无法用该邮件调用 mail()。"),
        [new("Its own words say why.", "原因见 PHP 输出。")]);

    static Cause NotPhp(string path) => new("php-not-php",
        new($"{path} does not answer as PHP does.", $"{path} 的应答不像 PHP。"),
        [new("Name the command-line php (package php-cli), not php-fpm or php-cgi.", "请填写命令行版 php（php-cli 包），而不是 php-fpm 或 php-cgi。")]);

    static Cause UnsafeAddress(string text) => new("address-unsafe",
        new($"An address cannot be handed to a program: {text}", $"地址无法交给程序：{text}"),
        [new("Use another address, or a transport that takes it: SMTP, or sendmail in the style smtp.", "请更换地址，或使用能接受该地址的方式：SMTP，或 sendmail 的 smtp 方式。")]);
}
