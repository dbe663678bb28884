namespace MailPlugin.Abstractions;

/// <summary>A submission was refused; nothing was kept.</summary>
public sealed class SubmissionRejectedException : Exception
{
    /// <summary>A refusal with its slug and, where fields are at fault, what each is to be.</summary>
    public SubmissionRejectedException(string slug, string message, IReadOnlyDictionary<string, string[]>? errors = null)
        : base(message)
    {
        Slug = slug;
        Errors = errors ?? new Dictionary<string, string[]>();
    }

    /// <summary>The last segment of the problem's type, such as <c>invalid-message</c>, <c>mail-disabled</c> or <c>queue-full</c>.</summary>
    public string Slug { get; }

    /// <summary>Path of each field at fault, such as <c>to[0].address</c>, with what it is to be.</summary>
    public IReadOnlyDictionary<string, string[]> Errors { get; }
}
