using System.Diagnostics;

namespace MailPlugin.Smtp;

/// <summary>One of the caller's transactions while it is on its way, in one part or, with too many recipients, in several.</summary>
internal sealed class TransactionJob
{
    readonly SmtpRecipientOutcome[] _results;
    readonly long _started;
    int _openParts;
    bool _mayRetry = true;
    SmtpStage _stage = SmtpStage.Mail;
    SmtpFault? _fault;
    SmtpReply? _reply;
    string? _detail;
    Exception? _cause;

    internal TransactionJob(SmtpTransaction transaction, TimeProvider time)
    {
        Transaction = transaction;
        _started = time.GetTimestamp();
        _results = new SmtpRecipientOutcome[transaction.Recipients.Count];
        for (var i = 0; i < _results.Length; i++)
        {
            _results[i] = new SmtpRecipientOutcome(transaction.Recipients[i], SmtpResult.NotSent, SmtpStage.Mail, null);
            NeedsUtf8 |= !EnvelopeText.IsAscii(_results[i].Recipient.Address);
        }

        NeedsUtf8 |= transaction.NeedsSmtpUtf8 || !EnvelopeText.IsAscii(transaction.Sender);
    }

    internal SmtpTransaction Transaction { get; }

    internal bool NeedsUtf8 { get; }

    internal Activity? Activity { get; init; }

    internal void OpenPart() => _openParts++;

    internal ref SmtpRecipientOutcome Result(int recipient) => ref _results[recipient];

    internal void Note(SmtpStage stage, SmtpReply? reply, bool mayRetry)
    {
        _stage = stage > _stage ? stage : _stage;
        _reply = reply ?? _reply;
        _mayRetry &= mayRetry;
    }

    internal void Fail(SmtpFault fault, string detail, Exception? cause)
        => (_fault, _detail, _cause) = (_fault ?? fault, _detail ?? detail, _cause ?? cause);

    /// <summary>True when it was the last part.</summary>
    internal bool ClosePart() => --_openParts == 0;

    internal SmtpOutcome ToOutcome(TimeProvider time)
        => new(Transaction, _results, _stage, _fault, _reply, time.GetElapsedTime(_started), _mayRetry, _detail, _cause);
}
