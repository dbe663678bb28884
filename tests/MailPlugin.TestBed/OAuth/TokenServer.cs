using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MailPlugin.TestBed;

/// <summary>
/// A provider of OAuth 2.0 over https on loopback, written for the tests from RFC 6749, 7009, 7523, 7636 and 8628: it checks what it is shown and can misbehave. It gives
/// tokens to whoever shows the right client, code, device code, refresh token or assertion.
/// </summary>
public sealed class TokenServer : IAsyncDisposable
{
    readonly Listener _listener;
    readonly ConcurrentQueue<TokenRequest> _requests = new();
    readonly ConcurrentDictionary<string, string> _codes = new(StringComparer.Ordinal);
    readonly Lock _lock = new();
    readonly HashSet<string> _refreshTokens = new(StringComparer.Ordinal);
    readonly HashSet<string> _accessTokens = new(StringComparer.Ordinal);
    int _issued;
    int _polls;
    volatile string? _typed;
    volatile string _nonce = "";

    public TokenServer() => _listener = new Listener(ServeAsync);

    public int Port => _listener.Port;

    public Uri TokenUrl => new($"https://localhost:{Port}/token");

    public Uri AuthorizeUrl => new($"https://localhost:{Port}/authorize");

    public Uri DeviceUrl => new($"https://localhost:{Port}/device");

    public Uri RevokeUrl => new($"https://localhost:{Port}/revoke");

    public string ClientId { get; init; } = "client-7";

    /// <summary>Null: a public client.</summary>
    public string? ClientSecret { get; init; } = "client-secret-canary";

    /// <summary>The key of assertions; PEM.</summary>
    public string? PublicKey { get; init; }

    /// <summary>A new refresh token with every answer; the old one is void when the new one was used, or at once.</summary>
    public bool Rotates { get; init; }

    public bool OldOneIsVoidAtOnce { get; init; }

    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How far its clock is ahead.</summary>
    public TimeSpan ClockAhead { get; init; }

    /// <summary>Polls that are answered "pending" before the person has signed in; then how it ends: null is a token.</summary>
    public int PendingPolls { get; init; } = 1;

    public string? DeviceEnds { get; init; }

    /// <summary>A person is asked by a page with the links "allow" and "deny"; else everybody says yes at once.</summary>
    public bool AsksPerson { get; init; }

    /// <summary>An identity token comes with the tokens, whose nonce is what this makes of the one that was asked with.</summary>
    public Func<string, string>? IdentityNonce { get; init; }

    /// <summary>How long refresh tokens last, where it says so.</summary>
    public TimeSpan? RefreshLifetime { get; init; }

    /// <summary>Answers in place of a token: status and body.</summary>
    public (int Status, string Body)? Instead { get; set; }

    /// <summary>Waited for before each answer.</summary>
    public Func<CancellationToken, Task>? Before { get; set; }

    public IReadOnlyList<TokenRequest> Requests => [.. _requests];

    /// <summary>Questions to the token address.</summary>
    public int Asked => _requests.Count(request => request.Path == "/token");

    /// <summary>The access token that was given last.</summary>
    public string LastAccessToken { get; private set; } = "";

    /// <summary>Adds a refresh token that was given elsewhere.</summary>
    public void Know(string refreshToken)
    {
        lock (_lock)
        {
            _refreshTokens.Add(refreshToken);
        }
    }

    /// <summary>Takes every refresh token back.</summary>
    public void ForgetAll()
    {
        lock (_lock)
        {
            _refreshTokens.Clear();
            _accessTokens.Clear();
        }
    }

    public bool Gave(string accessToken)
    {
        lock (_lock)
        {
            return _accessTokens.Contains(accessToken);
        }
    }

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    async Task ServeAsync(TcpClient client, CancellationToken stop)
    {
        await using var tls = new SslStream(client.GetStream());
        var certificate = TestCertificates.Shared.Server.Certificate;
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, stop);
        using var reader = new StreamReader(tls, Encoding.Latin1, false, 1024, leaveOpen: true);
        while (await reader.ReadLineAsync(stop) is { Length: > 0 } first)
        {
            var length = 0;
            while (await reader.ReadLineAsync(stop) is { Length: > 0 } header)
            {
                if (header.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                {
                    length = int.Parse(header[15..], CultureInfo.InvariantCulture);
                }
            }

            var body = new char[length];
            if (length > 0)
            {
                await reader.ReadBlockAsync(body, stop);
            }

            var (status, answer, location) = await AnswerAsync(first.Split(' '), new string(body), stop);
            var date = TimeProvider.System.GetUtcNow() + ClockAhead;
            var head = $"HTTP/1.1 {status} x\r\nDate: {date:R}\r\nContent-Type: {(answer.StartsWith('<') ? "text/html" : "application/json")}\r\nContent-Length: {Encoding.UTF8.GetByteCount(answer)}\r\n{(location is null ? "" : $"Location: {location}\r\n")}\r\n";
            await tls.WriteAsync(Encoding.UTF8.GetBytes(head + answer), stop);
            await tls.FlushAsync(stop);
        }
    }

    async Task<(int Status, string Body, string? Location)> AnswerAsync(string[] line, string body, CancellationToken stop)
    {
        var target = line[1].Split('?', 2);
        var form = Parse(line[0] == "GET" ? target.ElementAtOrDefault(1) ?? "" : body);
        _requests.Enqueue(new(target[0], form));
        if (Before is { } before)
        {
            await before(stop);
        }

        if (Instead is { } instead && target[0] != "/authorize")
        {
            return (instead.Status, instead.Body, null);
        }

        return target[0] switch
        {
            "/authorize" when AsksPerson && !form.ContainsKey("answer") => (200, Question(line[1]), null),
            "/authorize" => Authorize(form),
            "/activate" => Activate(line[1], form),
            "/device" => Checked(form, () => (200, Json(new
            {
                device_code = "device-code-canary",
                user_code = "WDJB-MJHT",
                verification_uri = $"https://localhost:{Port}/activate",
                verification_uri_complete = $"https://localhost:{Port}/activate?code=WDJB-MJHT",
                expires_in = 600,
                interval = 1,
            }))),
            "/token" => Checked(form, () => Token(form)),
            "/revoke" => Checked(form, () => Revoke(form["token"])),
            _ => (404, "{}", null),
        };
    }

    static string Question(string target) =>
        $"""<!doctype html><html lang="en"><title>Provider</title><h1>May Mail send as you?</h1><p><a id="allow" href="{target}&amp;answer=allow">Allow</a> <a id="deny" href="{target}&amp;answer=deny">Deny</a></p></html>""";

    /// <summary>Where the code of a device is typed.</summary>
    (int Status, string Body, string? Location) Activate(string target, Dictionary<string, string> query)
    {
        if (!query.TryGetValue("answer", out var answer))
        {
            return (200, Question(target.Contains('?', StringComparison.Ordinal) ? target : target + "?"), null);
        }

        _typed = answer;
        return (200, "<!doctype html><html lang=\"en\"><title>Provider</title><h1>You can close this page</h1></html>", null);
    }

    (int Status, string Body, string? Location) Authorize(Dictionary<string, string> query)
    {
        if (query.GetValueOrDefault("response_type") != "code" || query.GetValueOrDefault("client_id") != ClientId || query.GetValueOrDefault("code_challenge_method") != "S256")
        {
            return (400, Error("invalid_request"), null);
        }

        if (query.GetValueOrDefault("answer") == "deny")
        {
            return (302, "{}", $"{query["redirect_uri"]}?error=access_denied&error_description=The+person+said+no&state={Uri.EscapeDataString(query["state"])}");
        }

        _nonce = query.GetValueOrDefault("nonce") ?? "";
        var code = $"code-{Interlocked.Increment(ref _issued)}";
        _codes[code] = $"{query["code_challenge"]} {query["redirect_uri"]}";
        return (302, "{}", $"{query["redirect_uri"]}?code={code}&state={Uri.EscapeDataString(query["state"])}");
    }

    (int Status, string Body, string? Location) Checked(Dictionary<string, string> form, Func<(int Status, string Body)> answer)
    {
        var assertion = form.GetValueOrDefault("client_assertion");
        var known = form.GetValueOrDefault("grant_type") == "urn:ietf:params:oauth:grant-type:jwt-bearer"
            || (form.GetValueOrDefault("client_id") == ClientId && (assertion is not null ? IsSigned(assertion) : form.GetValueOrDefault("client_secret") == ClientSecret));
        var (status, body) = known ? answer() : (401, Error("invalid_client", "the client is not known"));
        return (status, body, null);
    }

    (int Status, string Body) Token(Dictionary<string, string> form) => form.GetValueOrDefault("grant_type") switch
    {
        "client_credentials" => (200, Give(withRefresh: false)),
        "urn:ietf:params:oauth:grant-type:jwt-bearer" => IsSigned(form["assertion"]) ? (200, Give(withRefresh: false)) : (400, Error("invalid_grant", "the assertion is not valid")),
        "authorization_code" => Code(form),
        "refresh_token" => Refresh(form["refresh_token"]),
        "urn:ietf:params:oauth:grant-type:device_code" when form["device_code"] != "device-code-canary" => (400, Error("invalid_grant")),
        "urn:ietf:params:oauth:grant-type:device_code" when (AsksPerson ? _typed is null : Interlocked.Increment(ref _polls) <= PendingPolls) => (400, Error("authorization_pending")),
        "urn:ietf:params:oauth:grant-type:device_code" when _typed == "deny" => (400, Error("access_denied")),
        "urn:ietf:params:oauth:grant-type:device_code" when DeviceEnds is { } end => (400, Error(end)),
        "urn:ietf:params:oauth:grant-type:device_code" => (200, Give(withRefresh: true)),
        _ => (400, Error("unsupported_grant_type")),
    };

    (int Status, string Body) Code(Dictionary<string, string> form)
    {
        var challenge = Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"]))).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        return _codes.TryRemove(form["code"], out var expected) && expected == $"{challenge} {form["redirect_uri"]}"
            ? (200, Give(withRefresh: true))
            : (400, Error("invalid_grant", "the code is void"));
    }

    (int Status, string Body) Refresh(string token)
    {
        lock (_lock)
        {
            if (!_refreshTokens.Contains(token))
            {
                return (400, Error("invalid_grant", $"AADSTS700082: the refresh token {token} has expired"));
            }

            if (Rotates)
            {
                // Whoever shows the newest has it: those before are void.
                _refreshTokens.RemoveWhere(known => known != token || OldOneIsVoidAtOnce);
            }
        }

        return (200, Give(withRefresh: Rotates));
    }

    (int Status, string Body) Revoke(string token)
    {
        lock (_lock)
        {
            _refreshTokens.Remove(token);
            _accessTokens.Remove(token);
        }

        return (200, "");
    }

    string Give(bool withRefresh)
    {
        var number = Interlocked.Increment(ref _issued);
        var (access, refresh) = ($"access-token-canary-{number}", $"refresh-token-canary-{number}");
        lock (_lock)
        {
            _accessTokens.Add(access);
            LastAccessToken = access;
            if (withRefresh)
            {
                _refreshTokens.Add(refresh);
            }
        }

        var answer = new JsonObject { ["access_token"] = access, ["token_type"] = "Bearer", ["expires_in"] = (int)Lifetime.TotalSeconds, ["scope"] = "mail.send" };
        if (withRefresh)
        {
            answer["refresh_token"] = refresh;
            if (RefreshLifetime is { } lifetime)
            {
                answer["refresh_token_expires_in"] = (int)lifetime.TotalSeconds;
            }
        }

        if (IdentityNonce is { } change)
        {
            answer["id_token"] = $"e30.{Convert.ToBase64String(Encoding.UTF8.GetBytes(Json(new { nonce = change(_nonce) }))).TrimEnd('=').Replace('+', '-').Replace('/', '_')}.identity-canary";
        }

        return answer.ToJsonString();
    }

    /// <summary>Signed with the key, for this server, at a time that its own clock agrees with (RFC 7523 3).</summary>
    bool IsSigned(string assertion)
    {
        var parts = assertion.Split('.');
        using var rsa = RSA.Create();
        rsa.ImportFromPem(PublicKey ?? throw new InvalidOperationException("No key was given to this server."));
        if (parts.Length != 3 || !rsa.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Bytes(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
        {
            return false;
        }

        var claims = JsonNode.Parse(Bytes(parts[1]))!;
        var now = (TimeProvider.System.GetUtcNow() + ClockAhead).ToUnixTimeSeconds();
        return claims["iss"]!.GetValue<string>() == ClientId && claims["aud"]!.GetValue<string>() == TokenUrl.AbsoluteUri
            && Math.Abs(claims["iat"]!.GetValue<long>() - now) <= 60 && claims["exp"]!.GetValue<long>() > now;
    }

    static byte[] Bytes(string text)
    {
        var padded = text.Replace('-', '+').Replace('_', '/');
        return Convert.FromBase64String(padded + new string('=', (4 - (padded.Length % 4)) % 4));
    }

    static Dictionary<string, string> Parse(string form) => form.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2))
        .ToDictionary(pair => Decode(pair[0]), pair => Decode(pair.ElementAtOrDefault(1) ?? ""), StringComparer.Ordinal);

    static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    static string Json(object answer) => JsonSerializer.Serialize(answer);

    static string Error(string error, string? description = null) => Json(new { error, error_description = description });
}

/// <summary>What the server was asked.</summary>
public sealed record TokenRequest(string Path, IReadOnlyDictionary<string, string> Form);
