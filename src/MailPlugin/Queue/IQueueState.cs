namespace MailPlugin.Queue;

/// <summary>Small things that outlive the process.</summary>
internal interface IQueueState
{
    Task<string?> ReadAsync(string name, CancellationToken cancellationToken);

    Task WriteAsync(string name, string value, CancellationToken cancellationToken);

    /// <summary>Writes something that nobody hears of and nobody else waits for, to see whether the store can be written.</summary>
    Task ProbeAsync(CancellationToken cancellationToken);
}
