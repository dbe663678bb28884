using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MailPlugin.TestBed;
using MailPlugin.TestBed.OpenApi;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Diagnostics.Doctor;

/// <summary>
/// One host for a class of faults. A drill gives it settings that fail in one way, and asks the doctor and the test for the cause; where a fix is named, it is applied and the
/// test must pass. Whatever is answered is as the API describes it, and no password is in it.
/// </summary>
public sealed class Drill : IAsyncLifetime
{
    /// <summary>Part of every password here: it may stand in no answer.</summary>
    public const string Canary = "c4n4ry";

    public const string Password = $"right-{Canary}-0123456789";

    const string WrongPassword = $"wrong-{Canary}-0123456789";

    /// <summary>Longer than the patience of a drill: who waits for it fails. A fault that is a wait sets its own.</summary>
    const int NeverSeconds = 120;

    /// <summary>What the doctor may need where the fault itself is no wait.</summary>
    static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(5);

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    int _keys;
    OpenApiAnswers _described = null!;

    internal PluginHost Host { get; private set; } = null!;

    /// <summary>The host's clock.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    public async Task InitializeAsync()
    {
        Host = await PluginHost.StartAsync(clock: Clock);
        using var document = JsonDocument.Parse((await Host.GetAsync("openapi.json")).Text);
        _described = new(document.RootElement.Clone());
    }

    public Task DisposeAsync() => Host.DisposeAsync().AsTask();

    /// <summary>Settings for a relay on this machine whose certificate's authority is trusted.</summary>
    public static JsonObject Draft(int port, Action<JsonObject>? smtp = null, Action<JsonObject>? settings = null, string host = "localhost")
    {
        var relay = new JsonObject
        {
            ["host"] = host,
            ["port"] = port,
            ["timeoutSeconds"] = NeverSeconds,
            ["certificate"] = new JsonObject { ["trust"] = "customCa", ["caPem"] = TestCertificates.Shared.AuthorityPem },
        };
        smtp?.Invoke(relay);
        var draft = new JsonObject
        {
            ["from"] = new JsonObject { ["address"] = "no-reply@sender.example" },
            ["adminAddress"] = "admin@test.example",
            ["transports"] = new JsonArray(new JsonObject { ["id"] = "primary", ["mode"] = "smtp", ["smtp"] = relay }),
        };
        settings?.Invoke(draft);
        return draft;
    }

    public static void SignIn(JsonObject smtp)
    {
        smtp["username"] = "user";
        smtp["password"] = Password;
    }

    public static void SignInWrongly(JsonObject smtp)
    {
        smtp["username"] = "user";
        smtp["password"] = WrongPassword;
    }

    /// <summary>What the doctor says of settings, held to the description and to the secrecy of passwords.</summary>
    internal async Task<Finding> DiagnoseAsync(JsonObject draft)
    {
        using var patience = new CancellationTokenSource(Patience);
        var answer = await Host.PostAsync("diagnose", new JsonObject { ["settings"] = draft.DeepClone() }, await NewKeyAsync()).WaitAsync(patience.Token);
        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal("application/x-ndjson", answer.MediaType);
        IsSecret(answer.Text);
        var lines = answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => _described.CheckLine("POST", "/diagnose", line));
        var steps = lines.Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        Assert.Equal("start", steps[0]["step"]!.GetValue<string>());
        Assert.Equal("verdict", steps[^1]["step"]!.GetValue<string>());
        await IsKeptAsync(steps);
        return new([.. steps.SkipLast(1)], steps[^1]);
    }

    /// <summary>The same settings by the doctor and by the test. Whether there has to be a fix says <see cref="CuresAttribute"/>.</summary>
    /// <param name="draft">The settings.</param>
    /// <param name="cause">What both have to say.</param>
    /// <param name="inTest">What the test has to say, where it can know less; <c>""</c> where it passes.</param>
    /// <param name="waits">The fault itself is that somebody has to be waited for.</param>
    /// <param name="name">The test.</param>
    internal async Task<Finding> RunAsync(JsonObject draft, string cause, string? inTest = null, bool waits = false, [CallerMemberName] string name = "")
    {
        var finding = await DiagnoseAsync(draft);
        Assert.True(cause == finding.Cause, finding.ToString());
        Assert.True(CuresAttribute.ByTest[name].Contains(cause) == (finding.Fix is not null), finding.ToString());
        if (!waits)
        {
            await IsQuickAsync(draft, finding);
        }

        var test = await TestAsync(draft);
        if (inTest == "")
        {
            Assert.True(test.Status == 200, test.Text);
        }
        else
        {
            Assert.True(test.Status is 424 or 403, test.Text);
            Assert.True((inTest ?? cause) == test.Json["cause"]!["id"]!.GetValue<string>(), test.Text);
        }

        foreach (var change in new[] { finding.Fix, test.Status == 200 ? null : test.Json["fix"] as JsonObject }.OfType<JsonObject>())
        {
            await IsCuredAsync(draft, change, finding);
        }

        return finding;
    }

    /// <summary>The machine may have had other things to do: what is slow by itself is slow each time.</summary>
    async Task IsQuickAsync(JsonObject draft, Finding finding)
    {
        for (var again = 0; finding.Duration >= AtOnce && again < 2; again++)
        {
            finding = await DiagnoseAsync(draft);
        }

        Assert.True(finding.Duration < AtOnce, finding.ToString());
    }

    /// <summary>
    /// As an administrator does it: the faulty settings are saved, the fix goes into what the API gives back, a password is typed again where it may not go along, and the
    /// next test is by what is saved then.
    /// </summary>
    async Task IsCuredAsync(JsonObject draft, JsonObject fix, Finding finding)
    {
        var faulty = await Host.SaveAsync(draft.DeepClone());
        Assert.True(faulty.Status == 200, faulty.Text);
        var changed = Applied((await Host.GetAsync("settings")).Json, fix);
        var saved = await Host.PutAsync("settings", changed.DeepClone(), faulty.ETag);
        if (saved.Slug == "password-needed")
        {
            Assert.Contains("typed again", finding.ToString(), StringComparison.Ordinal);
            changed["transports"]![0]!["smtp"]!["password"] = draft["transports"]![0]!["smtp"]!["password"]!.DeepClone();
            saved = await Host.PutAsync("settings", changed, faulty.ETag);
        }

        Assert.True(saved.Status == 200, $"{fix.ToJsonString()}: {saved.Text}");
        var cured = await Host.PostAsync("test", new JsonObject(), await NewKeyAsync());
        Assert.True(cured.Status == 200, $"{fix.ToJsonString()}: {cured.Text}\n{finding}");

        // The next drill is not to find a password of this one.
        Assert.Equal(200, (await Host.SaveAsync(new JsonObject())).Status);
    }

    /// <summary>Sends a test mail with these settings.</summary>
    internal async Task<Answer> TestAsync(JsonObject draft)
    {
        using var patience = new CancellationTokenSource(Patience);
        var answer = await Host.PostAsync("test", new JsonObject { ["settings"] = draft.DeepClone() }, await NewKeyAsync()).WaitAsync(patience.Token);
        IsSecret(answer.Text);
        _described.Check("POST", "/test", answer.Status, answer.Text);
        return answer;
    }

    /// <summary>Settings with a fix merged into them, as the page does it.</summary>
    public static JsonObject Applied(JsonObject draft, JsonObject fix)
    {
        var changed = draft.DeepClone().AsObject();
        JsonNode place = changed;
        foreach (var name in fix["path"]!.GetValue<string>().Split('.'))
        {
            place = name.StartsWith("transports[", StringComparison.Ordinal)
                ? changed["transports"]!.AsArray().Single(item => name == $"transports[id={item!["id"]}]")!
                : place[name]!;
        }

        Merge(place.AsObject(), fix["value"]!.AsObject());
        return changed;
    }

    /// <summary>Each drill is somebody else: the rate is for each caller.</summary>
    async Task<string> NewKeyAsync()
    {
        var made = await Host.PostAsync("keys", new JsonObject { ["name"] = $"drill-{Interlocked.Increment(ref _keys)}", ["scopes"] = new JsonArray("admin") });
        return made["key"]!;
    }

    async Task IsKeptAsync(List<JsonObject> steps)
    {
        var place = $"diagnoses/{steps[0]["id"]}";
        var kept = await Host.GetAsync(place);
        Assert.True(kept.Status == 200, kept.Text);
        IsSecret(kept.Text);
        _described.Check("GET", "/" + place, kept.Status, kept.Text);
        Assert.Equal(steps.Count - 1, kept.Json["steps"]!.AsArray().Count);
        Assert.True(JsonNode.DeepEquals(steps[^1], kept.Json["verdict"]), kept.Text);
    }

    static void IsSecret(string text)
    {
        Assert.DoesNotContain(Canary, text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(Password)), text, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0user\0{Password}")), text, StringComparison.Ordinal);
    }

    static void Merge(JsonObject target, JsonObject source)
    {
        foreach (var (name, value) in source)
        {
            if (value is JsonObject from && target[name] is JsonObject into)
            {
                Merge(into, from);
            }
            else
            {
                target[name] = value?.DeepClone();
            }
        }
    }
}

/// <summary>What the doctor found.</summary>
internal sealed record Finding(IReadOnlyList<JsonObject> Steps, JsonObject Verdict)
{
    public string Cause => Verdict["cause"]!["id"]!.GetValue<string>();

    public string Confidence => Verdict["confidence"]!.GetValue<string>();

    public TimeSpan Duration => TimeSpan.FromMilliseconds(Verdict["durationMs"]!.GetValue<long>());

    public JsonObject? Fix => Verdict["fix"] as JsonObject;

    public IEnumerable<JsonObject> Of(string step) => Steps.Where(one => one["step"]!.GetValue<string>() == step);

    public override string ToString() => string.Join('\n', Steps.Append(Verdict).Select(line => line.ToJsonString()));
}
