using System.Collections.Concurrent;

namespace MailPlugin.Diagnostics.Doctor;

/// <summary>The examinations that go on, on this node.</summary>
internal sealed class OpenDiagnoses
{
    readonly ConcurrentDictionary<string, Findings> _open = new(StringComparer.Ordinal);

    public void Add(Findings findings) => _open[findings.Id] = findings;

    public void Remove(Findings findings) => _open.TryRemove(findings.Id, out _);

    /// <summary>One of them as far as it has come.</summary>
    public Diagnosis? Find(string id) => _open.GetValueOrDefault(id)?.ToDiagnosis();
}
