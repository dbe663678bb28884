using System.Security.Claims;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Pipeline;
using MailPlugin.Http.Problems;
using MailPlugin.Security.Audit;
using MailPlugin.Smtp.Mime;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Security.Keys;

/// <summary><c>POST /keys</c>: the only answer that ever shows the key.</summary>
internal static class CreateKey
{
    const int MaxBytes = 16 * 1024;
    const int MaxFrom = 100;

    public static async Task<IResult> HandleAsync(
        HttpContext context, ClaimsPrincipal caller, IApiKeyStore store, KeyRegister register, IAuditLog audit, TimeProvider clock)
    {
        var (body, problem) = await RequestBody.ReadAsync(context, MaxBytes);
        using var _ = body;
        if (body is null)
        {
            return problem!;
        }

        var faults = new Faults();
        var text = KeyText.New();
        var key = Read(new(body.Root, "", faults), text, clock.GetUtcNow());
        if (faults.Any)
        {
            return Problem.Invalid("invalid-request", faults);
        }

        await store.AddAsync(key, onlyIfNone: false, context.RequestAborted);
        await register.LoadAsync(CancellationToken.None);
        await audit.WriteAsync(caller.Name(), "key created", key.Id, $"{key.Name}: {string.Join(' ', key.Scopes)}", context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Created(
            MountPoint.LinkTo(context, $"keys/{key.Id}"),
            new { key.Id, Key = text, key.Name, key.Scopes, key.CreatedAt, key.ExpiresAt, key.RatePerMinute, key.From });
    }

    static ApiKey Read(JsonObjectReader reader, string text, DateTimeOffset now)
    {
        var name = reader.Line("name", maxLength: 64);
        if (string.IsNullOrWhiteSpace(name) && !reader.HasFault("name"))
        {
            reader.Fault("name", "must be a name of up to 64 characters");
        }

        var expiresAt = reader.Time("expiresAt");
        if (expiresAt <= now)
        {
            reader.Fault("expiresAt", "must be in the future");
        }

        var key = new ApiKey
        {
            Id = KeyText.NewId("k_"),
            Name = name?.Trim() ?? "",
            Hash = KeyText.Hash(text),
            Scopes = ReadScopes(reader),
            From = [.. ReadFrom(reader)],
            RatePerMinute = reader.OptionalNumber("ratePerMinute", 1, 1_000_000),
            CreatedAt = now,
            ExpiresAt = expiresAt,
        };
        reader.Complete();
        return key;
    }

    static string[] ReadScopes(JsonObjectReader reader)
    {
        var items = reader.Items("scopes", Scopes.All.Count).Select(JsonText.Of).ToList();
        var scopes = Scopes.All.Where(items.Contains).ToArray();
        if (!reader.HasFault("scopes") && (scopes.Length == 0 || scopes.Length != items.Count))
        {
            reader.Fault("scopes", $"must be one or more of {string.Join(", ", Scopes.All)}, each once");
        }

        return scopes;
    }

    static IEnumerable<string> ReadFrom(JsonObjectReader reader)
    {
        var index = 0;
        foreach (var item in reader.Items("from", MaxFrom))
        {
            if (MailboxAddress.TryParse(JsonText.Of(item), out var address, out _))
            {
                yield return address.Address;
            }
            else
            {
                reader.Fault($"from[{index}]", "must be an address such as name@example.com");
            }

            index++;
        }
    }
}
