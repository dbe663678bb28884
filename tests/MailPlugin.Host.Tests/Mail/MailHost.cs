using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MailPlugin.Host.Tests.Support;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Mail;

/// <summary>The built host with the real plugin, a data folder of its own and an administrator's key.</summary>
internal sealed class MailHost : IAsyncDisposable
{
    public const string CookieName = "mailplugin";

    readonly string[] arguments;
    readonly IDisposable? owned;
    HostProcess process;

    MailHost(HostProcess process, string[] arguments, string data, IDisposable? owned, string? key = null)
    {
        (this.process, this.arguments, Data, this.owned) = (process, arguments, data, owned);
        Key = key ?? File.ReadAllText(Path.Combine(data, "admin-key.txt")).Trim();
    }

    public HostProcess Process => process;

    public string Data { get; }

    /// <summary>The first admin key.</summary>
    public string Key { get; }

    public static async Task<MailHost> StartAsync(params string[] arguments)
    {
        var temp = new TempFolder();
        try
        {
            return await StartAsync(temp.Of("data"), temp, arguments);
        }
        catch
        {
            temp.Dispose();
            throw;
        }
    }

    /// <summary>With a data folder of the caller's.</summary>
    public static Task<MailHost> StartInAsync(string data, params string[] arguments) => StartAsync(data, null, arguments);

    /// <summary>Another host on the same store, with a data folder of its own.</summary>
    public async Task<MailHost> StartAnotherAsync()
    {
        var temp = new TempFolder();
        var data = temp.Of("data");
        return new(await HostProcess.StartAsync(Path.Combine(Repository.Root, "plugins"), data, arguments), arguments, data, temp, Key);
    }

    /// <summary>Stops the host as a service manager does, or kills it, and starts it with the same data.</summary>
    public async Task RestartAsync(bool kill = false)
    {
        await (kill ? process.KillAsync() : process.StopAsync());
        await process.DisposeAsync();
        process = await HostProcess.StartAsync(Path.Combine(Repository.Root, "plugins"), Data, arguments);
    }

    /// <summary>Signs in at the page with the first admin key; gives the value of the cookie.</summary>
    public async Task<string> SignInAsync()
    {
        using var response = await process.Client.PostAsJsonAsync("api/mail/session", new { key = Key });
        Assert.Equal(204, (int)response.StatusCode);
        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"), line => line.StartsWith($"{CookieName}=", StringComparison.Ordinal));
        return cookie.Split('=', ';')[1];
    }

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<Answer> PostAsync(string path, JsonNode body) => SendAsync(HttpMethod.Post, path, body);

    /// <summary>Saves settings over whatever is there.</summary>
    public async Task<Answer> SaveAsync(JsonObject settings)
    {
        var current = await GetAsync("settings");
        return await SendAsync(HttpMethod.Put, "settings", settings, request => request.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(current.ETag!)));
    }

    public async Task<Answer> SendAsync(HttpMethod method, string path, JsonNode? body, Action<HttpRequestMessage>? prepare = null)
    {
        using var request = new HttpRequestMessage(method, $"api/mail/{path}");
        request.Headers.Authorization = new("Bearer", Key);
        request.Content = body is null ? null : JsonContent.Create(body);
        prepare?.Invoke(request);
        using var response = await process.Client.SendAsync(request);
        return new((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.ETag?.ToString()) { RetryAfter = response.Headers.RetryAfter?.Delta };
    }

    /// <summary>Whether a text occurs in any file of the data folder, in the clear or as SQLite and JSON may write it.</summary>
    public IEnumerable<string> FilesThatContain(string text)
    {
        byte[][] forms = [Encoding.UTF8.GetBytes(text), Encoding.Unicode.GetBytes(text), Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('='))];

        // The lock file is empty, and locked against readers too.
        return Directory.EnumerateFiles(Data, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)).Where(file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return forms.Any(form => bytes.AsSpan().IndexOf(form) >= 0);
        });
    }

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        owned?.Dispose();
    }

    static async Task<MailHost> StartAsync(string data, IDisposable? owned, string[] arguments) =>
        new(await HostProcess.StartAsync(Path.Combine(Repository.Root, "plugins"), data, arguments), arguments, data, owned);
}

/// <summary>An answer of the API.</summary>
internal sealed record Answer(int Status, string Text, string? ETag)
{
    public TimeSpan? RetryAfter { get; init; }

    public JsonObject Json => JsonNode.Parse(Text)!.AsObject();

    public string? Slug => Json["type"]?.GetValue<string>().Split('/')[^1];

    public string? this[string name] => Json[name]?.ToString();
}
