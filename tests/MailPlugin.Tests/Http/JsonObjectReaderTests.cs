using System.Text.Json;
using MailPlugin.Http.Binding;

namespace MailPlugin.Tests.Http;

public sealed class JsonObjectReaderTests
{
    [Fact]
    public void All_faults_are_named_at_once()
    {
        var errors = Faults("""{ "text": 1, "line": "a\nb", "number": "x", "flag": 0, "time": "soon", "choice": "Blue", "object": [], "items": {}, "more": 1 }""", reader =>
        {
            reader.Text("text");
            reader.Line("line");
            reader.Number("number", 1, 1, 9);
            reader.Flag("flag", true);
            reader.Time("time");
            reader.Choice("choice", DayOfWeek.Friday);
            reader.Object("object");
            reader.Items("items", 3);
        });

        Assert.Equal(["choice", "flag", "items", "line", "more", "number", "object", "text", "time"], errors.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("\"SGk=\"", "Hi")]
    [InlineData("\"SGk\"", null)]
    [InlineData("\"\\ud800\"", null)]
    [InlineData("5", null)]
    public void Base64_is_read_or_is_none(string json, string? expected)
    {
        using var document = JsonDocument.Parse(json);

        Assert.Equal(expected, JsonText.Bytes(document.RootElement) is { } bytes ? System.Text.Encoding.ASCII.GetString(bytes) : null);
    }

    [Fact]
    public void A_long_name_is_shortened_between_characters()
    {
        Assert.Equal(new string('a', 64), MailPlugin.Http.Binding.Faults.Shortened(new('a', 64)));
        Assert.Equal(new string('a', 63) + "…", MailPlugin.Http.Binding.Faults.Shortened(new string('a', 63) + "😀x"));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("5")]
    public void A_body_that_is_no_object_has_one_fault_and_none_of_its_parts(string json)
    {
        var errors = Faults(json, reader =>
        {
            if (reader.Text("name") is null)
            {
                reader.Fault("name", "must be there");
            }

            Assert.False(reader.Has("name"));
            Assert.Null(reader.Object("child"));
            Assert.Empty(reader.Items("list", 3));
        });

        Assert.Equal(["must be an object"], Assert.Contains("", errors));
        Assert.Single(errors);
    }

    [Fact]
    public void Unknown_properties_are_refused_by_name_and_known_ones_are_not() =>
        Assert.Equal(["b", "c"], Faults("""{ "a": 1, "b": 2, "c": null, "d": 3 }""", reader =>
        {
            reader.Number("a", 0, 0, 9);
            reader.Ignore("d");
        }).Keys);

    [Fact]
    public void A_property_that_stands_twice_is_refused_even_if_it_is_only_ignored() =>
        Assert.Equal(["must stand only once"], Faults("""{ "a": 1, "a": 2 }""", reader => reader.Ignore("a"))["a"]);

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\\udc00")]
    [InlineData("\\ud800\\ud800")]
    [InlineData("x\\ud83d")]
    public void A_lone_surrogate_in_a_value_is_a_fault_of_that_value(string escaped)
    {
        var errors = Faults($$"""{ "text": "{{escaped}}", "time": "{{escaped}}", "choice": "{{escaped}}" }""", reader =>
        {
            Assert.Null(reader.Text("text"));
            Assert.Null(reader.Time("time"));
            Assert.Equal(DayOfWeek.Friday, reader.Choice("choice", DayOfWeek.Friday));
        });

        Assert.Equal(["must be valid Unicode"], errors["text"]);
        Assert.Equal(3, errors.Count);
    }

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("na\\udc00")]
    [InlineData("nam\\ud800")]
    [InlineData("name\\ud800")]
    public void A_lone_surrogate_in_a_name_is_a_fault_and_no_exception(string escaped)
    {
        // Before and behind what is looked for: the framework's search goes from the end.
        foreach (var json in new[] { $$"""{ "{{escaped}}": 1, "name": "x" }""", $$"""{ "name": "x", "{{escaped}}": 1 }""" })
        {
            var errors = Faults(json, reader => Assert.Equal("x", reader.Text("name")));

            Assert.Equal(["has a property whose name is not valid Unicode"], Assert.Contains("", errors));
        }
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_a_fault_of_their_value_or_of_the_object()
    {
        byte[] json = [.. "{\"text\":\""u8, 0xC3, 0x28, .. "\",\""u8, 0xFF, .. "\":1}"u8];
        using var document = JsonDocument.Parse(json);
        var faults = new Faults();
        var reader = new JsonObjectReader(document.RootElement, "", faults);

        Assert.Null(reader.Text("text"));
        reader.Complete();

        Assert.Equal(["", "text"], faults.ToErrors().Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_escaped_name_is_the_same_name() =>
        Assert.Empty(Faults("""{ "n\u0061me": "x" }""", reader => Assert.Equal("x", reader.Text("name"))));

    [Theory]
    [InlineData("1e999")]
    [InlineData("-1e999")]
    [InlineData("99999999999999999999999999999999")]
    [InlineData("2147483648")]
    [InlineData("1.5")]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("\"25\"")]
    [InlineData("true")]
    public void A_number_outside_its_range_is_a_fault(string number) =>
        Assert.Equal(["port"], Faults($$"""{ "port": {{number}} }""", reader => Assert.Equal(25, reader.Number("port", 25, 1, 65535))).Keys);

    [Theory]
    [InlineData("\\u0000")]
    [InlineData("\\r\\nRCPT TO:<x@y>")]
    [InlineData("\\u001b[2J")]
    [InlineData("\\u007f")]
    [InlineData("\\u0085")]
    [InlineData("\\u2028")]
    [InlineData("\\u2029")]
    public void A_line_takes_no_control_character_and_no_line_break_of_any_kind(string escaped) =>
        Assert.Equal(["line"], Faults($$"""{ "line": "a{{escaped}}b" }""", reader => Assert.Null(reader.Line("line"))).Keys);

    [Theory]
    [InlineData("2026-11-21T08:00:00Z", "2026-11-21T08:00:00.000Z")]
    [InlineData("2026-11-21T08:00:00.1234567+02:00", "2026-11-21T06:00:00.123Z")]
    [InlineData("2026-11-21t08:00:00z", null)]
    [InlineData("2026-11-21T08:00:00", null)]
    [InlineData("2026-11-21", null)]
    [InlineData("2026-02-30T08:00:00Z", null)]
    [InlineData("0001-01-01T00:00:00+14:00", null)]
    [InlineData("9999-12-31T23:59:59-14:00", null)]
    [InlineData("", null)]
    public void A_time_says_its_offset(string text, string? expected)
    {
        DateTimeOffset? time = null;
        var errors = Faults($$"""{ "at": "{{text}}" }""", reader => time = reader.Time("at"));

        Assert.Equal(expected, time is { } value ? TimeText.Of(value) : null);
        Assert.Equal(expected is null, errors.ContainsKey("at"));
    }

    [Fact]
    public void Null_counts_as_absent_everywhere() =>
        Assert.Empty(Faults("""{ "a": null, "b": null, "c": null, "d": null, "e": null, "f": null, "g": null }""", reader =>
        {
            Assert.Null(reader.Text("a"));
            Assert.Equal(7, reader.Number("b", 7, 1, 9));
            Assert.True(reader.Flag("c", true));
            Assert.Null(reader.Time("d"));
            Assert.Null(reader.OptionalChoice<DayOfWeek>("e"));
            Assert.Null(reader.Object("f"));
            Assert.Empty(reader.Items("g", 1));
        }));

    [Fact]
    public void A_list_longer_than_allowed_is_one_fault_and_nothing_of_it_is_read() =>
        Assert.Equal(["list"], Faults("""{ "list": [1, "x", {}] }""", reader => Assert.Empty(reader.Items("list", 2))).Keys);

    [Fact]
    public void Items_are_named_by_their_id_where_they_have_one_and_else_by_their_place()
    {
        var errors = Faults("""{ "list": [{ "id": "a" }, {}, 5] }""", reader =>
        {
            foreach (var item in reader.Objects("list", 9, element => element.ValueKind == JsonValueKind.Object && element.TryGetProperty("id", out var id) ? id.GetString() : null))
            {
                item.Ignore("id");
                item.Fault("name", "must be there");
                item.Complete();
            }
        });

        Assert.Equal(["list[1].name", "list[2]", "list[id=a].name"], errors.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_long_unknown_name_is_shortened_without_breaking_a_character()
    {
        var name = new string('n', 63) + "😀" + new string('n', 300);
        var path = Assert.Single(Faults($$"""{ "{{name}}": 1 }""", _ => { }).Keys);

        Assert.True(path.Length < 70);
        Assert.DoesNotContain(path, letter => char.IsSurrogate(letter));
    }

    [Fact]
    public void The_same_fault_is_said_once()
    {
        var faults = new Faults();
        faults.Add("a", "x");
        faults.Add("a", "x");
        faults.Add("a", "y");

        Assert.Equal(["x", "y"], faults.ToErrors()["a"]);
    }

    [Fact]
    public void Faults_of_a_draft_inside_a_body_begin_with_its_place()
    {
        var faults = new Faults();
        faults.Add("", "must be an object");
        faults.Add("from.address", "must be an address");

        Assert.Equal(["settings", "settings.from.address"], faults.Below("settings.").ToErrors().Keys.Order(StringComparer.Ordinal));
    }

    static IReadOnlyDictionary<string, string[]> Faults(string json, Action<JsonObjectReader> read)
    {
        using var document = JsonDocument.Parse(json);
        var faults = new Faults();
        var reader = new JsonObjectReader(document.RootElement, "", faults);
        read(reader);
        reader.Complete();
        return faults.ToErrors();
    }
}
