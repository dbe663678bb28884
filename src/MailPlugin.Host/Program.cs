using MailPlugin.Host;
using MailPlugin.Host.Loading;

var builder = WebApplication.CreateBuilder(args);
builder.ListenOnLoopbackByDefault();
builder.BoundPatience();
builder.AddPlugins();

var app = builder.Build();
app.ReportPlugins();
app.MapGet("/", RootPage.Show);
app.Run();

/// <summary>The reference host; public so that tests can start it in their own process.</summary>
public partial class Program;
