namespace MailPlugin.Storage.Stores;

/// <summary>Times in the database are milliseconds since 1970, UTC.</summary>
internal static class Times
{
    public static long ToColumn(this DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    public static long? ToColumn(this DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();

    public static DateTimeOffset ToTime(this long column) => DateTimeOffset.FromUnixTimeMilliseconds(column);

    public static DateTimeOffset? ToTime(this long? column) => column is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;
}
