namespace MailPlugin.Queue;

/// <summary>Small things that outlive the process.</summary>
internal interface IQueueState
{
    Task<string?> ReadAsync(string name, CancellationToken cancellationToken);

    Task WriteAsync(string name, string value, CancellationToken cancellationToken);
}
