namespace MailPlugin.Host;

/// <summary>Where the reference host listens when nobody says otherwise.</summary>
internal static class Listening
{
    public const string DefaultAddress = "http://127.0.0.1:5080";

    // Every way ASP.NET Core knows to name an address; naming one must be enough to be rid of the default.
    static readonly string[] Keys = [WebHostDefaults.ServerUrlsKey, WebHostDefaults.HttpPortsKey, WebHostDefaults.HttpsPortsKey];

    public static void ListenOnLoopbackByDefault(this WebApplicationBuilder builder)
    {
        var chosen = Keys.Any(key => !string.IsNullOrEmpty(builder.Configuration[key]))
            || builder.Configuration.GetSection("Kestrel:Endpoints").Exists();
        if (!chosen)
        {
            builder.WebHost.UseUrls(DefaultAddress);
        }
    }
}
