namespace MailPlugin.Diagnostics.Doctor;

internal interface IDiagnosisStore
{
    /// <summary>Keeps it, and lets go of what is older than a time and of the oldest beyond a number.</summary>
    Task AddAsync(Diagnosis diagnosis, DateTimeOffset olderThan, int most, CancellationToken cancellationToken);

    Task<Diagnosis?> FindAsync(string id, CancellationToken cancellationToken);
}
