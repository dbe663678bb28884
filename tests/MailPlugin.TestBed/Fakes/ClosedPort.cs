using System.Net;
using System.Net.Sockets;

namespace MailPlugin.TestBed;

/// <summary>A port that refuses connections, and goes on doing so: it is bound, so that nobody else can open it.</summary>
public sealed class ClosedPort : IDisposable
{
    readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ClosedPort() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    /// <summary>The port, on 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public void Dispose() => _socket.Dispose();
}
