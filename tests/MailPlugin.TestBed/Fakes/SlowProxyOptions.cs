namespace MailPlugin.TestBed;

/// <summary>What a <see cref="SlowProxy"/> does to what passes.</summary>
public sealed record SlowProxyOptions
{
    /// <summary>How much later bytes arrive, each way; what is sent together still arrives together.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>At most so many bytes arrive in one piece; 1 cuts lines everywhere.</summary>
    public int Chunk { get; init; } = 65536;

    /// <summary>Resets both sides when the client has sent so many bytes.</summary>
    public long? CutAfterClientBytes { get; init; }

    /// <summary>Resets both sides instead of passing on more than so many bytes of the server.</summary>
    public long? CutAfterServerBytes { get; init; }
}
