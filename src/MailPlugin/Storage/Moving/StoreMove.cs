using MailPlugin.Security.Secrets;

namespace MailPlugin.Storage.Moving;

/// <summary>
/// Moves what a data folder has in SQLite, and its key ring, into an empty PostgreSQL store. It may be ended anywhere and run again: every row arrives once. First the old store is marked, so that
/// no host sends from it any more; then the new one is taken, which no host opens before all is there.
/// </summary>
internal sealed class StoreMove(OldStore old, NewStore @new, KeyRingSeal? seal, TimeProvider clock)
{
    /// <summary>Rows of one transaction.</summary>
    public int Batch { get; init; } = 500;

    /// <param name="to">The new store, for people.</param>
    /// <exception cref="MoveRefusedException">These two stores cannot be moved one into the other.</exception>
    /// <exception cref="DatabaseUnavailableException">One of them cannot be used just now.</exception>
    public async Task<MoveReport> RunAsync(string to, CancellationToken cancellationToken)
    {
        var keyRing = old.KeyRing();
        if (keyRing.Any(key => !SealedKeyRing.Opens(key.Key, seal)))
        {
            throw new MoveRefusedException("The key ring of the old store is sealed, and not by what MailPlugin:KeyRing names: set it as that host had it.");
        }

        var progress = await BeginAsync(to, keyRing, cancellationToken);
        var earlier = progress.EndedAt is not null ? EarlierMove.Whole : progress.Moved.Count > 0 ? EarlierMove.Part : EarlierMove.None;
        if (earlier != EarlierMove.Whole)
        {
            foreach (var table in MovedTable.All)
            {
                progress = await MoveAsync(table, progress, cancellationToken);
            }

            await CheckAsync(progress, cancellationToken);
            progress = progress with { EndedAt = clock.GetUtcNow() };
            await @new.EndAsync(progress, cancellationToken);
        }

        old.SetMark(new(progress.Id, to, progress.BegunAt, progress.EndedAt));
        return new([.. MovedTable.All.Select(table => (table.Label, progress.Moved[table.Name])), ("keys of the key ring", keyRing.Count)], earlier);
    }

    async Task<MoveProgress> BeginAsync(string to, IReadOnlyList<(string Name, System.Xml.Linq.XElement Key)> keyRing, CancellationToken cancellationToken)
    {
        var mark = old.Mark;
        if (await @new.ProgressAsync(cancellationToken) is { } before)
        {
            return before.Id == mark?.Id ? before : throw new MoveRefusedException($"{to} has mail that was moved from {before.From}, and not from here. Name an empty database or schema.");
        }

        if (mark is not null && (mark.To != to || mark.EndedAt is not null))
        {
            throw new MoveRefusedException($"{old.File} {(mark.EndedAt is null ? "is being moved" : "was moved")} to {mark.To}, and {to} has nothing of it. Go on with that store, or empty it and delete {MoveMark.FileOf(old.File)}.");
        }

        if (await @new.FirstFullAsync(cancellationToken) is { } full)
        {
            throw new MoveRefusedException($"{to} is in use already: its table {full} is not empty. Name an empty database or schema (Search Path); a host that was started on it once has filled it.");
        }

        var progress = new MoveProgress(mark?.Id ?? Guid.CreateVersion7().ToString("N"), old.File, clock.GetUtcNow());
        old.SetMark(new(progress.Id, to, progress.BegunAt, null));
        if (!await @new.BeginAsync(progress, keyRing, cancellationToken))
        {
            old.RemoveMark();
            throw new MoveRefusedException($"{to} has just been taken by somebody else.");
        }

        return progress;
    }

    async Task<MoveProgress> MoveAsync(MovedTable table, MoveProgress progress, CancellationToken cancellationToken)
    {
        if (progress.Has(table))
        {
            return progress;
        }

        var columns = old.Columns(table);
        var key = columns.Select((column, index) => (column.InKey, index)).Where(column => column.InKey > 0).OrderBy(column => column.InKey).Select(column => column.index).ToList();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var rows = old.Read(table, columns, progress.AfterKey, Batch);
            progress = progress.With(table, rows.Count, rows.Count == 0 ? null : [.. key.Select(index => rows[^1][index]!)]);
            await @new.WriteAsync(table, columns, rows, progress, cancellationToken);
            if (rows.Count == 0)
            {
                return progress;
            }
        }
    }

    async Task CheckAsync(MoveProgress progress, CancellationToken cancellationToken)
    {
        foreach (var table in MovedTable.All)
        {
            var (had, has) = (old.Count(table), await @new.CountAsync(table, cancellationToken));
            if (had != has || had != progress.Moved[table.Name])
            {
                throw new MoveRefusedException($"{had} {table.Label} were there and {has} have arrived: somebody has changed one of the stores meanwhile. Empty the new one, delete {MoveMark.FileOf(old.File)} and move again.");
            }
        }
    }
}

/// <param name="Counts">How many of what are there.</param>
internal sealed record MoveReport(IReadOnlyList<(string Label, long Count)> Counts, EarlierMove Earlier)
{
    public override string ToString() => string.Join(", ", Counts.Where(count => count.Count > 0).Select(count => $"{count.Label}: {count.Count}"));
}

/// <summary>What an earlier run had done of a move.</summary>
internal enum EarlierMove
{
    None,
    Part,
    Whole,
}
