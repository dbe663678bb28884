using System.Text.RegularExpressions;

namespace MailPlugin.Host.Tests.Guest;

/// <summary>Everything that is asked of <see cref="TheirHost"/>, and its answers without what is random by nature.</summary>
/// <remarks>
/// Random by nature, and made equal here: the <c>Date</c> header, what Data Protection encrypts (the values of both cookies and the
/// antiforgery token; their lengths stay) and the span in <c>traceId</c>. Every other byte counts, the order of the headers as well.
/// </remarks>
internal static partial class Conversation
{
    const string Json = "Content-Type: application/json";
    const string Form = "Content-Type: application/x-www-form-urlencoded";

    /// <summary>Asks everything, in order. The key says what was asked.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> HoldAsync(Uri host)
    {
        var answers = new Dictionary<string, string>();
        foreach (var (line, headers, body) in Questions)
        {
            await AskAsync(line, headers, body);
        }

        var signIn = CookieOf(await AskAsync("POST /sign-in", body: ""));
        await AskAsync("GET /private", $"Cookie: {signIn}", name: "signed in");
        await AskAsync("GET /base/private", $"Cookie: {signIn}", name: "signed in");
        await AskAsync("GET /nowhere", $"Cookie: {signIn}", name: "signed in");
        await AskAsync("POST /private", $"Cookie: {signIn}", "", name: "signed in");
        await AskAsync("GET /managers", $"Cookie: {signIn}", name: "signed in, no manager");

        var antiforgery = await AskAsync("GET /token");
        var token = $"Cookie: {CookieOf(antiforgery)}\nX-Their-Token: {BodyOf(antiforgery)}";
        await AskAsync("POST /form", $"{Form}\n{token}", "name=Ada", name: "with token");
        await AskAsync("POST /form", $"{Form}\n{token[..^8]}", "name=Ada", name: "with a broken token");
        return answers;

        async Task<string> AskAsync(string line, string headers = "", string? body = null, string? name = null)
        {
            var answer = await RawHttp.SendAsync(host, RawHttp.Request(line, headers, body));
            answers.Add(string.Join(" | ", new[] { line, name ?? headers.ReplaceLineEndings("; "), name is null ? body : null }.Where(part => part?.Length > 0)), Comparable(answer));
            return answer;
        }
    }

    /// <summary>A sign-in cookie and an antiforgery pair that one host made, to be shown to another.</summary>
    public static async Task<string> GetCredentialsAsync(Uri host)
    {
        var signIn = CookieOf(await RawHttp.SendAsync(host, RawHttp.Request("POST /sign-in", body: "")));
        var antiforgery = await RawHttp.SendAsync(host, RawHttp.Request("GET /token", $"Cookie: {signIn}"));
        return $"Cookie: {signIn}; {CookieOf(antiforgery)}\nX-Their-Token: {BodyOf(antiforgery)}";
    }

    /// <summary>The answer to a request that needs both the sign-in and the token.</summary>
    public static Task<string> UseCredentialsAsync(Uri host, string credentials) =>
        RawHttp.SendAsync(host, RawHttp.Request("POST /form", $"{Form}\n{credentials}", "name=Ada"));

    static readonly (string Line, string Headers, string? Body)[] Questions =
    [
        ("POST /orders", Json, """{"order_number":1,"size":"VERY_LARGE"}"""),
        ("POST /base/orders", Json, """{"order_number":1,"size":"SMALL"}"""),
        ("POST /orders", Json, """{"orderNumber":1,"size":"SMALL"}"""),
        ("POST /orders", Json, """{"order_number":1,"size":1.5}"""),
        ("POST /orders", Json, """{"order_number":"""),
        ("POST /orders", Json, ""),
        ("POST /orders", "Content-Type: text/plain", "order"),
        ("POST /orders", $"{Json}\nAccept: text/html", "[]"),
        ("GET /orders/7", "", null),
        ("GET /orders/seven", "", null),
        ("HEAD /orders/7", "", null),
        ("DELETE /orders/7", "", null),
        ("GET /", "", null),
        ("GET /nowhere", "", null),
        ("GET /base/nowhere?x=%C3%A4", "", null),
        ("GET /private", "", null),
        ("GET /private", "X-Requested-With: XMLHttpRequest", null),
        ("GET /private", "Authorization: Bearer mp_0123456789", null),
        ("GET /private", "Cookie: their-sign-in=forged", null),
        ("GET /managers", "", null),
        ("GET /sign-in?ReturnUrl=%2Fprivate", "", null),
        ("GET /boom", "", null),
        ("GET /boom", "Accept: text/html", null),
        ("GET /teapot", "", null),
        ("GET /invalid", "", null),
        ("POST /form", Form, "name=Ada"),
        ("POST /form", "Content-Type: multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nAda\r\n--b--\r\n"),
        ("GET /number", "Accept-Language: de", null),
        ("GET /link", "", null),
        ("GET /base/link", "", null),
        ("GET /schemes", "", null),
        ("GET /endpoints", "", null),
        ("GET /health", "", null),
        ("OPTIONS /orders", "Origin: https://their.example\nAccess-Control-Request-Method: POST\nAccess-Control-Request-Headers: x-their", null),
        ("GET /orders/7", "Origin: https://their.example", null),
        ("GET /orders/7", "Origin: https://other.example", null),
        ("GET /their.css", "", null),
        ("HEAD /their.css", "", null),
        ("GET /base/their.css", "Range: bytes=0-3", null),
        ("GET /their.css", "If-Modified-Since: Fri, 02 Jan 2026 00:00:00 GMT", null),
        ("GET /their.unknown", "", null),

        // Beside what plugins serve, not under it: a plugin that takes its own path too widely answers these.
        ("GET /greetings", "", null),
        ("GET /greeting.css", "", null),
        ("GET /base/greeting", "", null),
        ("GET /mailbox", "", null),
        ("GET /api", "", null),
        ("GET /api/", "", null),
        ("GET /api/mailing", "", null),
        ("GET /api/other", "", null),
        ("GET /base/api/mail/health", "", null),
        ("GET /base/mail/", "", null),
        ("GET /openapi.json", "", null),
        ("GET /openapi/v1.json", "", null),
        ("GET /_framework/x.js", "", null),
        ("BREW /orders", "", null),
        ("GET http://their.example/orders/7", "", null),
        ("GET /%2e%2e/their.css", "", null),
    ];

    static string CookieOf(string answer) => CookiePattern().Match(answer) is { Success: true } cookie
        ? $"{cookie.Groups["name"]}={cookie.Groups["value"]}"
        : throw new InvalidOperationException($"No cookie in: {answer}");

    static string BodyOf(string answer) => TokenPattern().Match(answer, answer.IndexOf("\r\n\r\n", StringComparison.Ordinal)) is { Success: true } token
        ? token.Value
        : throw new InvalidOperationException($"No token in: {answer}");

    static string Comparable(string answer)
    {
        answer = DatePattern().Replace(answer, "\r\nDate: (now)");
        answer = CookiePattern().Replace(answer, cookie => $"\r\nSet-Cookie: {cookie.Groups["name"]}=({cookie.Groups["value"].Length} encrypted characters)");
        answer = TokenPattern().Replace(answer, token => $"({token.Length} encrypted characters)");
        return SpanPattern().Replace(answer, "$1(span)");
    }

    [GeneratedRegex(@"\r\nDate: [^\r]*")]
    private static partial Regex DatePattern();

    [GeneratedRegex(@"\r\nSet-Cookie: (?<name>[^=]+)=(?<value>[^;\r]+)")]
    private static partial Regex CookiePattern();

    // What Data Protection makes of anything begins so: its magic number and the version, in base64url.
    [GeneratedRegex("CfDJ8[A-Za-z0-9_-]{20,}")]
    private static partial Regex TokenPattern();

    [GeneratedRegex("(\"trace_?[iI]d\":\"00-0af7651916cd43dd8448eb211c80319c-)[0-9a-f]{16}")]
    private static partial Regex SpanPattern();
}
