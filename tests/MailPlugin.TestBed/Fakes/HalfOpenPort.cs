using System.Net;
using System.Net.Sockets;

namespace MailPlugin.TestBed;

/// <summary>A port that answers no more connections: its queue is full, so that the system drops what comes, as a firewall does.</summary>
public sealed class HalfOpenPort : IDisposable
{
    readonly List<Socket> _sockets = [];

    public HalfOpenPort(IPAddress? address = null, int port = 0)
    {
        address ??= IPAddress.Loopback;
        var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _sockets.Add(listener);
        listener.Bind(new IPEndPoint(address, port));
        listener.Listen(0);
        var end = (IPEndPoint)listener.LocalEndPoint!;
        Port = end.Port;

        // Until one stays on its way, the queue has room.
        for (var tries = 0; tries < 16; tries++)
        {
            var filler = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            _sockets.Add(filler);
            try
            {
                filler.Connect(end);
            }
            catch (SocketException underway) when (underway.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                if (!filler.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectWrite))
                {
                    return;
                }
            }
        }

        throw new InvalidOperationException("The queue never filled.");
    }

    /// <summary>The port.</summary>
    public int Port { get; }

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());
}
