using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GreetingPlugin;

/// <summary>Speaks through the host's logger: that this compiles into one <see cref="ILogger"/> is what sharing the framework means.</summary>
internal sealed partial class Greeter(ILogger<Greeter> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Log(logger, "started");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Log(logger, "stopped");
        return Task.CompletedTask;
    }

    [LoggerMessage(1, LogLevel.Information, "Greeter {What}")]
    static partial void Log(ILogger logger, string what);
}
