namespace MailPlugin;

/// <summary>The database cannot take or give: disk full, read-only, damaged, gone.</summary>
/// <remarks>In the root namespace, because the pipeline answers it with 503 and nobody but the composition root may know Storage.</remarks>
internal sealed class DatabaseUnavailableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether it has no room, so that something smaller may still be kept; else nothing can be.</summary>
    public bool MayBeOfSize { get; init; } = true;
}
