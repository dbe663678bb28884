using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace MailPlugin.Host.Tests.Processes;

public sealed class ListeningTests
{
    [Fact]
    public void Nobody_said_where_so_it_is_loopback_5080() => Assert.Equal("http://127.0.0.1:5080", Urls());

    [Theory]
    [InlineData("--urls=http://127.0.0.1:7777", "http://127.0.0.1:7777")]
    [InlineData("--http_ports=8080", null)]
    [InlineData("--https_ports=8443", null)]
    [InlineData("--Kestrel:Endpoints:Own:Url=http://127.0.0.1:7777", null)]
    public void Whoever_names_an_address_is_rid_of_the_default(string argument, string? urls) => Assert.Equal(urls, Urls(argument));

    static string? Urls(params string[] arguments)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { Args = arguments });
        builder.ListenOnLoopbackByDefault();
        return builder.WebHost.GetSetting(WebHostDefaults.ServerUrlsKey);
    }
}
