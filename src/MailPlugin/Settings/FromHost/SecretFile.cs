using System.Text;
using MailPlugin.Options;

namespace MailPlugin.Settings.FromHost;

/// <summary>
/// A file that holds one value, as Docker and Kubernetes mount secrets and systemd hands over credentials. One line end behind the value
/// is not part of it: editors write it.
/// </summary>
internal static class SecretFile
{
    const int MaxBytes = 64 * 1024;
    const string Credentials = "CREDENTIALS_DIRECTORY";

    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="InvalidOptionException">It cannot be read, is empty, too long or no text.</exception>
    public static string Read(string path, string option)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[MaxBytes + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length > MaxBytes
                ? throw new InvalidOptionException(option, $"names a file of more than {MaxBytes} bytes")
                : Value(bytes.AsSpan(0, length), option);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOptionException(option, $"names a file that cannot be read: {fault.Message}");
        }
    }

    /// <summary>
    /// The file that is meant: <c>$CREDENTIALS_DIRECTORY/name</c> where systemd put its credentials, a relative path there when it has such a
    /// file, else below <paramref name="root"/>.
    /// </summary>
    public static string PathOf(string text, string root, string option)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new InvalidOptionException(option, "must be a path");
        }

        var credentials = Environment.GetEnvironmentVariable(Credentials) is { Length: > 0 } folder ? folder : null;
        foreach (var variable in new[] { $"${{{Credentials}}}", $"${Credentials}" })
        {
            if (text.StartsWith(variable + "/", StringComparison.Ordinal))
            {
                return Path.Join(credentials ?? throw new InvalidOptionException(option, $"needs the environment's {Credentials}, which is not set"), text[(variable.Length + 1)..]);
            }
        }

        return credentials is not null && !Path.IsPathRooted(text) && Path.Join(credentials, text) is var handed && File.Exists(handed) ? handed : Path.GetFullPath(text, root);
    }

    static string Value(ReadOnlySpan<byte> bytes, string option)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
        {
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        }

        try
        {
            var text = Utf8.GetString(bytes);
            var value = text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
            return value.Length == 0 ? throw new InvalidOptionException(option, "names a file that is empty") : value;
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidOptionException(option, "names a file that is not UTF-8");
        }
    }
}
