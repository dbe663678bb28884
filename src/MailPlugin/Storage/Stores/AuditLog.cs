using Dapper;
using MailPlugin.Security.Audit;

namespace MailPlugin.Storage.Stores;

internal sealed class AuditLog(IDatabase database, TimeProvider clock) : IAuditLog
{
    /// <summary>What was done is done: a caller that hangs up does not keep it out of the log.</summary>
    public Task WriteAsync(string who, string action, string? target, string? detail, CancellationToken cancellationToken) => database.WriteAsync(
        connection => connection.Execute(
            "insert into audit (at, who, action, target, detail) values (@At, @Who, @Action, @Target, @Detail)",
            new { At = clock.GetUtcNow().ToColumn(), Who = who, Action = action, Target = target, Detail = detail }),
        CancellationToken.None);

    public Task<IReadOnlyList<AuditEntry>> ListAsync(long? before, int limit, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<AuditEntry>>(
        connection => [.. connection.Query<(long Id, long At, string Who, string Action, string? Target, string? Detail)>(
            "select id, at, who, action, target, detail from audit where @Before is null or id < @Before order by id desc limit @Limit",
            new { Before = before, Limit = limit }).Select(row => new AuditEntry(row.Id, row.At.ToTime(), row.Who, row.Action, row.Target, row.Detail))],
        cancellationToken);
}
