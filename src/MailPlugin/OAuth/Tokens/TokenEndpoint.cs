using System.Globalization;
using System.Net;
using System.Text.Json;
using MailPlugin.Http.Binding;
using MailPlugin.Security.Secrets;
using MailPlugin.Settings;

namespace MailPlugin.OAuth.Tokens;

/// <summary>Asks a provider (RFC 6749 3.2): a form goes, JSON comes. Whatever comes is an answer; only a cancellation is thrown.</summary>
internal sealed class TokenEndpoint(ProviderHttp http)
{
    const int MaxText = 300;

    /// <summary>Shorter ones are words of every sentence.</summary>
    const int ShortestSecret = 4;

    /// <summary>RFC 6749 5.1 only recommends expires_in: without it the token is taken for short-lived.</summary>
    static readonly TimeSpan Unsaid = TimeSpan.FromMinutes(5);

    static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public async Task<TokenAnswer> AskAsync(OAuthSettings oauth, IReadOnlyList<KeyValuePair<string, string>> form, CancellationToken cancellationToken)
    {
        var (document, answer) = await SendAsync(oauth, oauth.TokenUrl, form, cancellationToken);
        using var owned = document;
        return answer ?? Granted(document!.RootElement);
    }

    /// <summary>Gives a token back. Only the status says whether it was taken: what stands below a 200 is no matter (RFC 7009 2.2).</summary>
    /// <returns>Null when it was.</returns>
    public async Task<TokenAnswer?> RevokeAsync(OAuthSettings oauth, Uri url, Secret token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (document, answer) = await SendAsync(oauth, url, GrantForm.Revoke(oauth, token, now), isEmptyGood: true, cancellationToken);
        document?.Dispose();
        return answer;
    }

    /// <summary>A JSON object with status 200, or the answer that says what came instead.</summary>
    public Task<(JsonDocument? Document, TokenAnswer? Answer)> SendAsync(
        OAuthSettings oauth, Uri url, IReadOnlyList<KeyValuePair<string, string>> form, CancellationToken cancellationToken) =>
        SendAsync(oauth, url, form, isEmptyGood: false, cancellationToken);

    async Task<(JsonDocument? Document, TokenAnswer? Answer)> SendAsync(
        OAuthSettings oauth, Uri url, IReadOnlyList<KeyValuePair<string, string>> form, bool isEmptyGood, CancellationToken cancellationToken)
    {
        try
        {
            using var content = new FormUrlEncodedContent(form);
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
            request.Headers.Accept.Add(new("application/json"));
            using var response = await http.ClientFor(oauth.CaPem).SendAsync(request, cancellationToken);
            var document = await ReadAsync(response, cancellationToken);
            if (document is null && isEmptyGood && response.StatusCode == HttpStatusCode.OK)
            {
                return (null, null);
            }

            if (document is null)
            {
                return (null, new TokenAnswer.Unavailable($"{url.Host} answered {(int)response.StatusCode} without a JSON object."));
            }

            if (response.StatusCode == HttpStatusCode.OK && Text(document.RootElement, "error") is null)
            {
                return (document, null);
            }

            using (document)
            {
                return (null, Refused(url, response, document.RootElement, form));
            }
        }
        catch (HttpRequestException fault)
        {
            // Its message names host and reason; the request's content is not in it.
            return (null, new TokenAnswer.Unavailable($"{url.Host}: {fault.Message}", fault.InnerException is DestinationForbiddenException));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, new TokenAnswer.Unavailable($"{url.Host} did not answer in time."));
        }
    }

    static async Task<JsonDocument?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static TokenAnswer Granted(JsonElement answer)
    {
        if (Text(answer, "access_token") is not { Length: > 0 } token || token.Any(letter => letter is < ' ' or > '~'))
        {
            return new TokenAnswer.Unavailable("The answer has no access token.");
        }

        if (Text(answer, "token_type") is { } type && !type.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            return new TokenAnswer.Refused("unsupported_token_type", $"a token of type {Clean(type)}, Bearer is needed", null);
        }

        var lifetime = Seconds(answer, "expires_in") ?? Unsaid;
        return new TokenAnswer.Granted(
            new(token),
            lifetime < Longest ? lifetime : Longest,
            Text(answer, "refresh_token") is { Length: > 0 } refresh ? new Secret(refresh) : null,
            Text(answer, "scope")?.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Seconds(answer, "refresh_token_expires_in") ?? Seconds(answer, "refresh_expires_in"))
        {
            IdentityToken = Text(answer, "id_token") is { Length: > 0 } identity ? new Secret(identity) : null,
        };
    }

    static TokenAnswer Refused(Uri url, HttpResponseMessage response, JsonElement answer, IReadOnlyList<KeyValuePair<string, string>> form)
    {
        var error = Clean(WithoutSecrets(Text(answer, "error") ?? "", form));
        var later = (int)response.StatusCode >= 500 || response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout || error is "temporarily_unavailable" or "server_error";
        if (later || error.Length == 0)
        {
            return new TokenAnswer.Unavailable($"{url.Host} answered {(int)response.StatusCode}{(error.Length > 0 ? $" {error}" : "")}.");
        }

        return new TokenAnswer.Refused(error, Clean(WithoutSecrets(Text(answer, "error_description") ?? "", form)), response.Headers.Date);
    }

    /// <summary>A server may repeat what it was sent.</summary>
    static string WithoutSecrets(string text, IReadOnlyList<KeyValuePair<string, string>> form)
    {
        foreach (var (name, value) in form)
        {
            if (value.Length >= ShortestSecret && name is "client_secret" or "refresh_token" or "assertion" or "client_assertion" or "code" or "code_verifier" or "device_code" or "token")
            {
                text = text.Replace(value, "***", StringComparison.Ordinal);
            }
        }

        return text;
    }

    public static string? Text(JsonElement answer, string name) =>
        JsonText.TryGet(answer, name, out var value) ? JsonText.Of(value) : null;

    /// <summary>A number, or a number in quotes: both are seen.</summary>
    public static TimeSpan? Seconds(JsonElement answer, string name)
    {
        if (!JsonText.TryGet(answer, name, out var value))
        {
            return null;
        }

        var seconds = value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) ? number
            : double.TryParse(JsonText.Of(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var text) ? text
            : 0;
        return seconds is > 0 and < 1e9 ? TimeSpan.FromSeconds(seconds) : null;
    }

    static string Clean(string text)
    {
        var line = new string([.. text.Select(letter => char.IsControl(letter) ? ' ' : letter)]).Trim();
        return line.Length <= MaxText ? line : line[..MaxText] + "…";
    }
}
