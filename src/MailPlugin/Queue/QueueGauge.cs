namespace MailPlugin.Queue;

/// <summary>How many messages are being sent by this process now.</summary>
internal sealed class QueueGauge
{
    volatile int _sending;

    public int Sending
    {
        get => _sending;
        set => _sending = value;
    }
}
