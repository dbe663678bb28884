using System.Data.Common;
using Dapper;
using MailPlugin.Nodes;
using MailPlugin.Templates.Store;

namespace MailPlugin.Storage.Stores;

internal sealed class TemplateStore(IDatabase database) : ITemplateStore
{
    /// <summary>Of a name and locale; older ones go with the save that makes them too many.</summary>
    const int KeptVersions = 200;

    const string Columns = "name, locale, number, updated_at as UpdatedAt, updated_by as UpdatedBy, act, document";

    public Task<IReadOnlyList<TemplateVersion>> LoadAsync(CancellationToken cancellationToken) => ReadAsync(
        $"select {Columns} from template_versions v where number = (select max(number) from template_versions n where n.name = v.name and n.locale = v.locale)", null, cancellationToken);

    public Task<TemplateVersion?> SaveAsync(TemplateVersion version, int basedOn, CancellationToken cancellationToken) =>
        database.WriteAsync(connection => Save(connection, version, basedOn), cancellationToken);

    public Task<IReadOnlyList<TemplateVersion>> ListAsync(string name, string? locale, int? before, int limit, CancellationToken cancellationToken) => ReadAsync(
        $"select {Columns} from template_versions where name = @Name and (@AnyLocale = 1 or locale = @Locale) and number < @Before order by number desc limit @Limit",
        new { Name = name, AnyLocale = locale is null ? 1 : 0, Locale = locale ?? "", Before = before ?? int.MaxValue, Limit = limit }, cancellationToken);

    public async Task<TemplateVersion?> FindAsync(string name, int number, CancellationToken cancellationToken) =>
        (await ReadAsync($"select {Columns} from template_versions where name = @Name and number = @Number", new { Name = name, Number = number }, cancellationToken)).SingleOrDefault();

    public async Task<TemplateVersion?> FindBeforeAsync(TemplateVersion version, CancellationToken cancellationToken) =>
        (await ListAsync(version.Name, version.Locale, version.Number, 1, cancellationToken)).SingleOrDefault();

    public Task<IReadOnlyList<StoredTemplateOptions>> LoadOptionsAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<StoredTemplateOptions>>(
        connection => [.. connection.Query<(string Name, long Version, long UpdatedAt, string UpdatedBy, string Document)>("select name, version, updated_at, updated_by, document from template_options")
            .Select(row => new StoredTemplateOptions(row.Name, (int)row.Version, row.UpdatedAt.ToTime(), row.UpdatedBy, row.Document))],
        cancellationToken);

    public Task<bool> SaveOptionsAsync(StoredTemplateOptions options, int basedOn, CancellationToken cancellationToken) => database.WriteAsync(
        connection =>
        {
            connection.Serialize(Topic.Templates);
            connection.Announce(Topic.Templates);
            return connection.Execute(
                """
                insert into template_options (name, version, updated_at, updated_by, document)
                select @Name, @Version, @UpdatedAt, @UpdatedBy, @Document
                where @BasedOn = coalesce((select version from template_options where name = @Name), 0)
                on conflict (name) do update set version = excluded.version, updated_at = excluded.updated_at, updated_by = excluded.updated_by, document = excluded.document
                """,
                new { options.Name, options.Version, UpdatedAt = options.UpdatedAt.ToColumn(), options.UpdatedBy, options.Document, BasedOn = basedOn }) == 1;
        },
        cancellationToken);

    static TemplateVersion? Save(DbConnection connection, TemplateVersion version, int basedOn)
    {
        connection.Serialize(Topic.Templates);
        var key = new { version.Name, version.Locale };
        var newest = connection.QueryFirstOrDefault<Row>($"select {Columns} from template_versions where name = @Name and locale = @Locale order by number desc limit 1", key);
        if ((newest?.Document is null ? 0 : newest.Number) != basedOn)
        {
            return null;
        }

        var kept = version with { Number = (int)connection.QuerySingle<long>("select coalesce(max(number), 0) from template_versions where name = @Name", key) + 1 };
        var added = connection.Execute(
            """
            insert into template_versions (name, locale, number, updated_at, updated_by, act, document) values (@Name, @Locale, @Number, @UpdatedAt, @UpdatedBy, @Act, @Document)
            on conflict (name, number) do nothing
            """,
            new { kept.Name, kept.Locale, kept.Number, UpdatedAt = kept.UpdatedAt.ToColumn(), kept.UpdatedBy, Act = (int)kept.Act, kept.Document });
        if (added == 0)
        {
            // Another node has taken the number in between.
            return null;
        }

        connection.Execute(
            """
            delete from template_versions where name = @Name and locale = @Locale
              and number <= (select number from template_versions where name = @Name and locale = @Locale order by number desc limit 1 offset @Kept)
            """,
            new { version.Name, version.Locale, Kept = KeptVersions });
        connection.Announce(Topic.Templates);
        return kept;
    }

    Task<IReadOnlyList<TemplateVersion>> ReadAsync(string sql, object? parameters, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<TemplateVersion>>(connection => [.. connection.Query<Row>(sql, parameters).Select(row => row.ToVersion())], cancellationToken);

    sealed class Row
    {
        public string Name { get; init; } = "";

        public string Locale { get; init; } = "";

        public long Number { get; init; }

        public long UpdatedAt { get; init; }

        public string UpdatedBy { get; init; } = "";

        public long Act { get; init; }

        public string? Document { get; init; }

        public TemplateVersion ToVersion() => new(Name, Locale, (int)Number, UpdatedAt.ToTime(), UpdatedBy, (TemplateAct)Act, Document);
    }
}
