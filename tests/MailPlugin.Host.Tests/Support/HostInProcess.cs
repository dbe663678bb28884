using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Host.Tests.Support;

/// <summary>The reference host in this process, with a plugins folder of the test's and its log kept.</summary>
internal sealed class HostInProcess(string plugins) : WebApplicationFactory<Program>
{
    public RecordedLog Log { get; } = new();

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("Plugins:Path", plugins);
        builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(Log));
    }
}
