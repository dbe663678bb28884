using System.Data.Common;

namespace MailPlugin.Storage;

/// <summary>What a write owes to other nodes. Where there are none it does nothing.</summary>
internal static class Changes
{
    /// <summary>In a write: until its commit no other node does what it also serializes under this name.</summary>
    public static void Serialize(this DbConnection connection, string name)
    {
        if (connection.Dialect().IsShared)
        {
            connection.Prepared("select pg_advisory_xact_lock(hashtextextended(current_schema() || @name, 0))").Set("@name", name).ExecuteLater();
        }
    }

    /// <summary>In a write: when it is committed every node hears of the topic, by a notification or by the version that is looked at each second.</summary>
    public static void Announce(this DbConnection connection, string topic)
    {
        if (!connection.Dialect().IsShared)
        {
            return;
        }

        connection.Prepared("insert into changes (topic, version) values (@topic, 1) on conflict (topic) do update set version = changes.version + 1").Set("@topic", topic).ExecuteLater();
        connection.Prepared("select pg_notify('mailplugin_' || current_schema(), @topic)").Set("@topic", topic).ExecuteLater();
    }
}
