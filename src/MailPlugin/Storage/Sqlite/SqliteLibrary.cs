using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MailPlugin.Storage.Sqlite;

/// <summary>The operating system's own SQLite: kept safe by its updates, at the price of a name that differs from system to system.</summary>
internal static class SqliteLibrary
{
    /// <summary>STRICT tables came with 3.37.</summary>
    static readonly Version Oldest = new(3, 37);

    static readonly byte[] Main = [.. "main\0"u8];
    static readonly Lazy<string> Loaded = new(Load);

    /// <summary>Makes it ready, once per load context.</summary>
    /// <exception cref="DatabaseUnavailableException">There is none, or it is too old; says which package to install.</exception>
    public static string EnsureLoaded() => Loaded.Value;

    /// <summary>Whether a connection's file is no longer where it was opened: what is written to it would be gone with the process.</summary>
    public static bool HasMoved(SqliteConnection connection)
    {
        const int HasMovedOperation = 20;
        var moved = 0;
        return FileControl.Value(connection.Handle!.DangerousGetHandle(), Main, HasMovedOperation, ref moved) == 0 && moved != 0;
    }

    // The provider has no call for it.
    static readonly Lazy<SqliteFileControl> FileControl = new(() =>
        Marshal.GetDelegateForFunctionPointer<SqliteFileControl>(NativeLibrary.GetExport(NativeLibrary.Load(SystemName), "sqlite3_file_control")));

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    delegate int SqliteFileControl(nint connection, byte[] database, int operation, ref int value);

    static string Load()
    {
        NativeLibrary.SetDllImportResolver(
            typeof(SQLite3Provider_e_sqlite3).Assembly,
            (name, _, _) => name == "e_sqlite3" && NativeLibrary.TryLoad(SystemName, out var handle) ? handle : 0);
        string version;
        try
        {
            raw.SetProvider(new SQLite3Provider_e_sqlite3());
            version = raw.sqlite3_libversion().utf8_to_string();
        }
        catch (DllNotFoundException missing)
        {
            throw new DatabaseUnavailableException($"SQLite is missing: {SystemName} cannot be loaded. Install {Package}.", missing);
        }

        return System.Version.Parse(version) >= Oldest
            ? version
            : throw new DatabaseUnavailableException($"SQLite {version} is too old: at least {Oldest} is needed. Update {Package}.");
    }

    static string SystemName =>
        OperatingSystem.IsWindows() ? "winsqlite3.dll" : OperatingSystem.IsMacOS() ? "libsqlite3.dylib" : "libsqlite3.so.0";

    static string Package =>
        OperatingSystem.IsLinux() ? "the package libsqlite3-0 (Debian, Ubuntu), sqlite-libs (Alpine, Fedora) or its like" : "the operating system's SQLite";
}
