using System.Diagnostics.CodeAnalysis;

namespace MailPlugin.Smtp;

/// <summary>What was begun on a session and is not answered whole, oldest first, and what becomes of it when its last reply comes, or none any more.</summary>
internal sealed class TransactionsInFlight(SessionState session, TransactionSource source, TransactionOutcomes outcomes)
{
    /// <summary>Replies that may be due at once: more could fill the network's buffers both ways and stop both sides (RFC 2920 3.1).</summary>
    const int MostRepliesDue = 256;

    readonly Dialogue _dialogue = session.Dialogue;
    readonly Queue<TransactionPart> _parts = new();
    int _repliesDue;

    internal int Count => _parts.Count;

    internal TransactionPart Head => _parts.Peek();

    internal bool TryGetHead([NotNullWhen(true)] out TransactionPart? part) => _parts.TryPeek(out part);

    /// <summary>Whether the replies to another part may become due before those that already are have come.</summary>
    internal bool HasRoomFor(TransactionPart part) => _repliesDue + RepliesTo(part) <= MostRepliesDue;

    internal void Begin(TransactionPart part, bool withReset)
    {
        _parts.Enqueue(part);
        part.SessionWasUsed = session.WasUsed;
        session.WasUsed = true;
        part.Start(withReset);
        _repliesDue += RepliesTo(part);
    }

    /// <summary>The oldest in flight has all its replies.</summary>
    internal void Complete()
    {
        var part = _parts.Dequeue();
        _repliesDue -= RepliesTo(part);
        session.NeedsReset = !part.ContentAccepted;
        if (part.ContentAccepted && (part.MailRefused || part.Taken == 0 || part.ResetRefused))
        {
            session.IsClosing = true;
            _dialogue.Transcript.Info("The server refused the envelope and accepted the content: closing");
            SmtpTelemetry.Anomaly();
        }
        else if (part.ResetRefused)
        {
            session.IsClosing = true;
            part.Distrust();
        }

        if (part.Overflow.Count > 0)
        {
            session.LearnMaximum(part.Taken);
            part.Job.OpenPart();
            source.PutBack(new TransactionPart(part.Job, 0, part.Overflow.Count, [.. part.Overflow]));
        }

        outcomes.ClosePart(part.Job);
    }

    /// <summary>The session is lost: what is in flight gets the outcome that is known of it, what was not begun is not sent.</summary>
    internal async ValueTask BreakAsync(SessionBroken broken)
    {
        session.IsBroken = true;
        _dialogue.Stream.Forget();
        if (broken.WhileWriting && broken.Fault == SmtpFault.ConnectionLost)
        {
            broken = await HearOutAsync(broken).ConfigureAwait(false);
        }

        _dialogue.Transcript.Info(broken.Message);
        await AbandonAsync(broken).ConfigureAwait(false);
    }

    internal async ValueTask AbandonAsync(SessionBroken broken)
    {
        var isHead = true;
        while (_parts.TryDequeue(out var part))
        {
            part.Break(broken, isHead);
            isHead = false;
            outcomes.ClosePart(part.Job);
        }

        foreach (var part in await source.StopAsync().ConfigureAwait(false))
        {
            part.SessionWasUsed = true;
            part.Break(broken, isHead: false);
            outcomes.ClosePart(part.Job);
        }
    }

    /// <summary>A server that hung up may have said why, and may have accepted what was sent before: that is still to be read.</summary>
    async ValueTask<SessionBroken> HearOutAsync(SessionBroken broken)
    {
        try
        {
            while (_parts.TryPeek(out var part))
            {
                while (part.Step != PartStep.Done)
                {
                    await _dialogue.ReadAsync(TimeSpan.FromSeconds(2)).ConfigureAwait(false);
                    part.Take(_dialogue);
                    if (part.Step == PartStep.Data && part.DataAnswered)
                    {
                        return broken;
                    }
                }

                Complete();
            }

            return broken;
        }
        catch (SessionBroken later)
        {
            return later.Fault == SmtpFault.ServiceClosing ? later : broken;
        }
    }

    // RSET, MAIL and the end of the content, beside one for each recipient.
    static int RepliesTo(TransactionPart part) => part.Count + 3;
}
