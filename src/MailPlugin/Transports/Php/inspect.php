<?php
// Says which PHP this is and how its mail() would send: a line of JSON.
echo json_encode([
    'version' => PHP_VERSION,
    'sendmailPath' => (string) ini_get('sendmail_path'),
    'iniFile' => php_ini_loaded_file() ?: null,
    'hasMail' => function_exists('mail'),
]), "\n";
