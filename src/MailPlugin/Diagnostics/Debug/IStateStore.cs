namespace MailPlugin.Diagnostics.Debug;

/// <summary>Small named values that outlive a restart.</summary>
internal interface IStateStore
{
    Task<string?> GetAsync(string name, CancellationToken cancellationToken);

    Task SetAsync(string name, string value, CancellationToken cancellationToken);
}
