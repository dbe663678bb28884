<?php
// Hands one message to mail(), so that php.ini rules how it leaves. Everything comes on standard input and is data: a line of JSON
// {"to","subject","headers","parameters","length"}, then the body with its length in bytes. Line ends are LF, folds in header fields included.
// Exit codes: MailPlugin's PhpExit.
ini_set('display_errors', 'stderr');
ini_set('html_errors', '0');
ini_set('memory_limit', '-1');
set_error_handler(function (int $level, string $text): bool {
    fwrite(STDERR, "PHP: $text\n");
    return true;
});

$message = json_decode((string) fgets(STDIN), true);
$body = stream_get_contents(STDIN);
if (!is_array($message) || strlen((string) $body) !== $message['length']) {
    // Whoever feeds us ended before it was through: half a message is none.
    fwrite(STDERR, "The message is not whole.\n");
    exit(213);
}

if (!function_exists('mail')) {
    fwrite(STDERR, "Call to undefined function mail(): disable_functions in php.ini names it.\n");
    exit(212);
}

// What PHP itself puts between the lines that it writes, since version 8 CRLF unless told otherwise. Two kinds in one message are a broken message.
$end = PHP_VERSION_ID >= 80000 && !ini_get('mail.mixed_lf_and_crlf') ? "\r\n" : "\n";

// In To and Subject mail() takes a fold with CRLF alone, and makes blanks of any other control character.
$fold = function (string $text) use ($end): string {
    return str_replace("\n", $end === "\r\n" ? "\r\n" : '', $text);
};

// mail() ends the body by itself.
if (substr($body, -1) === "\n") {
    $body = substr($body, 0, -1);
}

if ($end !== "\n") {
    $message['headers'] = str_replace("\n", $end, $message['headers']);
    $body = str_replace("\n", $end, $body);
}

try {
    $sent = mail($fold($message['to']), $fold($message['subject']), $body, $message['headers'], $message['parameters']);
} catch (Throwable $thrown) {
    fwrite(STDERR, get_class($thrown) . ': ' . $thrown->getMessage() . "\n");
    exit(214);
}

echo $sent ? "mail() returned true\n" : "mail() returned false\n";
exit($sent ? 0 : 211);
