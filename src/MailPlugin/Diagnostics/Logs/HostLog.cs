using Microsoft.Extensions.Logging;

namespace MailPlugin.Diagnostics.Logs;

/// <summary>Hands entries on to the host's log, where its own filters decide; without the local parts of addresses where they are not to be logged.</summary>
internal sealed class HostLog(ILoggerFactory host, bool maskAddresses) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => maskAddresses ? new Masked(host.CreateLogger(categoryName)) : host.CreateLogger(categoryName);

    public void Dispose()
    {
        // The host's factory is the host's to dispose.
    }

    /// <summary>As text alone: the values that it is made of, and the exception, would carry the addresses past the mask.</summary>
    sealed class Masked(ILogger log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => log.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (log.IsEnabled(logLevel))
            {
                var text = AddressMask.Of(formatter(state, exception));
                log.Log(logLevel, eventId, exception is null ? text : $"{text}{Environment.NewLine}{AddressMask.Of(exception.ToString())}", null, static (line, _) => line);
            }
        }
    }
}
