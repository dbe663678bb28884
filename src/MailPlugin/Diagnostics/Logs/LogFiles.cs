using System.Globalization;
using System.Text;
using MailPlugin.Options;
using MailPlugin.Security;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting;
using Serilog.Parsing;
using Serilog.Sinks.File;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace MailPlugin.Diagnostics.Logs;

/// <summary>Writes the log files in <c>&lt;Data&gt;/logs</c>: rolled by day and size, the newest kept. The one place that knows Serilog.</summary>
internal static class LogFiles
{
    public const string Pattern = "mail-*.log";

    /// <summary>A factory whose loggers write to the files and to the host's own log.</summary>
    public static ILoggerFactory CreateFactory(ILoggerFactory host, DataFolder data, LoggingOptions options)
    {
        var files = new LoggerConfiguration()
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .WriteTo.File(
                new LineFormatter(options.MaskAddresses),
                Path.Combine(data.Folder("logs"), "mail-.log"),
                rollingInterval: RollingInterval.Day,
                rollOnFileSizeLimit: true,
                fileSizeLimitBytes: options.FileSize,
                retainedFileCountLimit: options.Files,
                encoding: new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
                hooks: new PrivateFiles())
            .CreateLogger();
        return LoggerFactory.Create(builder => builder
            .SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter(typeof(CallerAuthentication).FullName, LogLevel.Warning)

            // It warns that keys are not encrypted: they lie in a folder that only the host's user can enter.
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error)

            // It would log the text of a body that is not JSON, and with it whatever secret stands there.
            .AddFilter("Microsoft.AspNetCore.Diagnostics", LogLevel.None)
            .AddProvider(new HostLog(host, options.MaskAddresses))

            // Not AddSerilog: it lets everything through to its provider, whatever the filters above say.
            .AddProvider(new SerilogLoggerProvider(files, dispose: true)));
    }

    sealed class LineFormatter(bool maskAddresses) : ITextFormatter
    {
        public void Format(LogEvent logEvent, TextWriter output)
        {
            var category = TextOf(logEvent, Constants.SourceContextPropertyName) ?? "";
            var line = new LogLine(logEvent.Timestamp, LevelOf(logEvent.Level), EventIdOf(logEvent), category, Masked(Render(logEvent)), logEvent.Exception is { } fault ? Masked(fault.ToString()) : null)
            {
                Transport = TextOf(logEvent, "Transport"),
                MessageId = TextOf(logEvent, "MessageId"),
            };
            output.Write(line.ToJson());
            output.Write('\n');
        }

        string Masked(string text) => maskAddresses ? AddressMask.Of(text) : text;

        /// <summary>As the framework's own loggers render it: Serilog would put strings into quotation marks.</summary>
        static string Render(LogEvent logEvent) => string.Concat(logEvent.MessageTemplate.Tokens.Select(token =>
            token is PropertyToken property && logEvent.Properties.TryGetValue(property.PropertyName, out var value)
                ? value is ScalarValue { Value: string text } ? text : value.ToString(property.Format, CultureInfo.InvariantCulture)
                : token.ToString()));

        static string? TextOf(LogEvent logEvent, string property) =>
            logEvent.Properties.TryGetValue(property, out var value) && value is ScalarValue { Value: string { Length: > 0 } text } ? text : null;

        static LogLevel LevelOf(LogEventLevel level) => level switch
        {
            LogEventLevel.Verbose => LogLevel.Trace,
            LogEventLevel.Debug => LogLevel.Debug,
            LogEventLevel.Information => LogLevel.Information,
            LogEventLevel.Warning => LogLevel.Warning,
            LogEventLevel.Error => LogLevel.Error,
            _ => LogLevel.Critical,
        };

        static int EventIdOf(LogEvent logEvent) =>
            logEvent.Properties.TryGetValue("EventId", out var value) && value is StructureValue structure
            && structure.Properties.FirstOrDefault(property => property.Name == "Id")?.Value is ScalarValue { Value: int id } ? id : 0;
    }

    sealed class PrivateFiles : FileLifecycleHooks
    {
        public override Stream OnFileOpened(string path, Stream underlyingStream, Encoding encoding)
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            EndCutLine(path, underlyingStream);
            return underlyingStream;
        }

        /// <summary>A crash may have cut the last line: what comes next is to be a line of its own.</summary>
        static void EndCutLine(string path, Stream stream)
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var length = RandomAccess.GetLength(file);
            Span<byte> last = stackalloc byte[1];
            if (length > 0 && RandomAccess.Read(file, last, length - 1) == 1 && last[0] != '\n')
            {
                stream.Write("\n"u8);
            }
        }
    }
}
