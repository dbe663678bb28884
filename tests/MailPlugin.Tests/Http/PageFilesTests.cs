using System.IO.Compression;
using System.Net.Http.Headers;
using MailPlugin.Http.Pipeline;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.FileProviders;

namespace MailPlugin.Tests.Http;

/// <summary>How the page's files go over the wire.</summary>
public sealed class PageFilesTests(SharedPluginHost shared) : IClassFixture<SharedPluginHost>
{
    const string Module = "/mail/js/main.js";

    static readonly byte[] Original = File.ReadAllBytes(Path.Combine(Repository.Root, "wwwroot", "mail", "js", "main.js"));

    readonly HttpClient _client = shared.Host.Client;

    [Theory]
    [InlineData("br, gzip", "br")]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0, gzip", "gzip")]
    [InlineData("*", "br")]
    [InlineData("*;q=0.1, br;q=0", "gzip")]
    [InlineData("BR", "br")]
    [InlineData("*;q=0", null)]
    [InlineData("identity", null)]
    [InlineData("zstd", null)]
    [InlineData("br;q=no, \"", null)]
    [InlineData("", null)]
    public async Task It_is_sent_as_small_as_the_caller_takes_it(string accepted, string? encoding)
    {
        using var response = await GetAsync(Module, accepted);

        Assert.Equal(encoding, response.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal("Accept-Encoding", Assert.Single(response.Headers.Vary));
        Assert.Equal("text/javascript", response.Content.Headers.ContentType!.ToString());
        var sent = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(sent.Length, response.Content.Headers.ContentLength);
        Assert.Equal(Original, Unpack(sent, encoding));
        Assert.True(encoding is null || sent.Length < Original.Length / 2);
    }

    [Fact]
    public async Task Who_has_it_already_is_told_so_without_it()
    {
        using var first = await GetAsync(Module, "br");
        using var plain = await GetAsync(Module, "");
        var tag = first.Headers.ETag!;
        Assert.False(tag.IsWeak);
        Assert.NotEqual(tag, plain.Headers.ETag);

        foreach (var known in new[] { tag.Tag, $"W/{tag.Tag}", $"\"other\", {tag.Tag}", "*" })
        {
            using var again = await GetAsync(Module, "br", known);
            Assert.Equal(304, (int)again.StatusCode);
            Assert.Equal(tag, again.Headers.ETag);
            Assert.Equal("Accept-Encoding", Assert.Single(again.Headers.Vary));
            Assert.Empty(await again.Content.ReadAsByteArrayAsync());
        }

        foreach (var other in new[] { "\"other\"", plain.Headers.ETag!.Tag, "not a tag" })
        {
            using var again = await GetAsync(Module, "br", other);
            Assert.Equal(200, (int)again.StatusCode);
        }
    }

    [Fact]
    public async Task HEAD_says_what_GET_would_send()
    {
        using var get = await GetAsync(Module, "br");
        using var request = Request(HttpMethod.Head, Module, "br");
        using var head = await _client.SendAsync(request);

        Assert.Equal(get.Headers.ETag, head.Headers.ETag);
        Assert.Equal(get.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Equal(get.Content.Headers.ContentEncoding, head.Content.Headers.ContentEncoding);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_file_that_changes_is_read_anew_and_one_that_goes_is_gone()
    {
        using var temp = new TempFolder();
        using var folder = new PhysicalFileProvider(temp.Path);
        var files = new PageFiles(folder);
        var place = Path.Combine(temp.Path, "a.js");
        await File.WriteAllTextAsync(place, "one");
        var first = files.Find("/a.js");
        Assert.Same(first, files.Find("/a.js"));
        Assert.Same(first, files.Find("//a.js"));

        await File.WriteAllTextAsync(place, "three");
        Assert.Equal("three".Length, files.Find("/a.js")!.Size);
        File.SetLastWriteTimeUtc(place, new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.NotSame(first, files.Find("/a.js"));

        File.Delete(place);
        Assert.Null(files.Find("/a.js"));
        await File.WriteAllTextAsync(Path.Combine(temp.Path, "unknown.kind"), "x");
        Assert.Null(files.Find("/unknown.kind"));
        Assert.Null(files.Find(PathString.Empty));
    }

    [Fact]
    public async Task An_empty_file_and_one_that_grows_by_compression_are_sent_as_they_are()
    {
        using var temp = new TempFolder();
        using var folder = new PhysicalFileProvider(temp.Path);
        foreach (var text in new[] { "", "x" })
        {
            await File.WriteAllTextAsync(Path.Combine(temp.Path, "a.js"), text);
            var context = new DefaultHttpContext();
            context.Request.Method = "GET";
            context.Request.Headers.AcceptEncoding = "br, gzip";
            using var body = new MemoryStream();
            context.Response.Body = body;
            await new PageFiles(folder).Find("/a.js")!.AnswerAsync(context);

            Assert.Equal(text.Length, body.Length);
            Assert.Empty(context.Response.Headers.ContentEncoding.ToString());
        }
    }

    async Task<HttpResponseMessage> GetAsync(string path, string accepted, string? known = null)
    {
        using var request = Request(HttpMethod.Get, path, accepted);
        if (known is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", known);
        }

        return await _client.SendAsync(request);
    }

    static HttpRequestMessage Request(HttpMethod method, string path, string accepted)
    {
        var request = new HttpRequestMessage(method, path);
        if (accepted.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        }

        return request;
    }

    static byte[] Unpack(byte[] sent, string? encoding)
    {
        using var stream = new MemoryStream(sent);
        using Stream plain = encoding switch { "br" => new BrotliStream(stream, CompressionMode.Decompress), "gzip" => new GZipStream(stream, CompressionMode.Decompress), _ => stream };
        using var result = new MemoryStream();
        plain.CopyTo(result);
        return result.ToArray();
    }
}
