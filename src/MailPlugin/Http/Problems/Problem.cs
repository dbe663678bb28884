using MailPlugin.Http.Binding;

namespace MailPlugin.Http.Problems;

/// <summary>Answers for what callers get wrong. Those that belong to one slice live beside it and use <see cref="Of"/>.</summary>
internal static class Problem
{
    static readonly TimeSpan QueueRetry = TimeSpan.FromSeconds(30);

    public static ProblemResult Of(string slug, LocalizedText? detail = null) => new(ProblemCatalog.Get(slug), detail);

    public static ProblemResult NotFound() => Of("not-found");

    public static ProblemResult Unauthenticated() => Of("unauthenticated");

    public static ProblemResult Forbidden() => Of("forbidden");

    public static ProblemResult UnsupportedMediaType() => Of("unsupported-media-type");

    public static ProblemResult UnsupportedContentEncoding() => Of("unsupported-media-type", new("Send the body as it is, without Content-Encoding.", "请直接发送正文，不要使用 Content-Encoding。"));

    public static ProblemResult TooLarge(int maxBytes) => Of("too-large", new($"At most {maxBytes} bytes.", $"最多 {maxBytes} 字节。"));

    public static ProblemResult InvalidJson(long? line, long? position)
    {
        var (row, column) = ((line ?? 0) + 1, (position ?? 0) + 1);
        return Of("invalid-json", new($"Syntax fault at line {row}, byte {column}.", $"第 {row} 行第 {column} 字节处有语法错误。")) with
        {
            Errors = new Dictionary<string, string[]> { [""] = [$"syntax fault at line {row}, byte {column}"] },
        };
    }

    /// <summary>A body whose fields are at fault; <paramref name="slug"/> says which kind of body.</summary>
    public static ProblemResult Invalid(string slug, Faults faults)
    {
        var errors = faults.ToErrors();
        return Of(slug, new(Count(errors.Count), $"有 {errors.Count} 个字段需要修正。")) with { Errors = errors };

        static string Count(int count) => count == 1 ? "One field needs to be mended." : $"{count} fields need to be mended.";
    }

    public static ProblemResult RateLimited(TimeSpan retryAfter) => Of("rate-limited") with { RetryAfter = retryAfter };

    public static ProblemResult QueueUnavailable() => Of("queue-unavailable") with { RetryAfter = QueueRetry };
}
