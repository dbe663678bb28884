namespace MailPlugin.Smtp;

/// <summary>A source with one transaction, there without waiting.</summary>
internal sealed class OneTransaction(SmtpTransaction transaction) : IAsyncEnumerable<SmtpTransaction>, IAsyncEnumerator<SmtpTransaction>
{
    bool _taken;

    public SmtpTransaction Current => transaction;

    public IAsyncEnumerator<SmtpTransaction> GetAsyncEnumerator(CancellationToken cancellationToken = default) => this;

    public ValueTask<bool> MoveNextAsync()
    {
        var first = !_taken;
        _taken = true;
        return ValueTask.FromResult(first);
    }

    public ValueTask DisposeAsync() => default;
}
