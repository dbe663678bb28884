using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MailPlugin.TestBed;

/// <summary>Ports nobody listens on.</summary>
public static class FreePort
{
    /// <summary>A loopback port that was free a moment ago. Whoever starts a server on it asks <see cref="Listeners"/> afterwards.</summary>
    public static int Next() => Next(1)[0];

    /// <summary>Several different ones.</summary>
    public static IReadOnlyList<int> Next(int count)
    {
        var sockets = Enumerable.Range(0, count).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)).ToList();
        try
        {
            sockets.ForEach(socket => socket.Bind(new IPEndPoint(IPAddress.Loopback, 0)));
            return sockets.ConvertAll(socket => ((IPEndPoint)socket.LocalEndPoint!).Port);
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    /// <summary>
    /// How many sockets listen on a port. Servers that set SO_REUSEPORT share a port without an error, and connections reach either:
    /// only the kernel's table shows it.
    /// </summary>
    public static int Listeners(int port)
    {
        var ending = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        return new[] { "/proc/net/tcp", "/proc/net/tcp6" }.Where(File.Exists).SelectMany(File.ReadLines)
            .Select(line => line.Split(' ', 5, StringSplitOptions.RemoveEmptyEntries))
            .Count(columns => columns.Length > 3 && columns[3] == "0A" && columns[1].EndsWith(ending, StringComparison.Ordinal));
    }
}
