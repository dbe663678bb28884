namespace MailPlugin.Smtp;

/// <summary>
/// One transaction as the wire sees it: RSET where it needs one, MAIL, its RCPTs, DATA or BDAT. It knows which reply comes next and what
/// each reply means for its recipients; it decides nothing about what is sent.
/// </summary>
internal sealed class TransactionPart(TransactionJob job, int first, int count, int[]? chosen = null)
{
    bool[]? _rcptTaken;
    bool _onlyRcptTaken;
    int _rcptReplies;
    SmtpReply? _mailRefusal;
    SmtpReply? _contentRefusal;
    List<int>? _overflow;

    internal TransactionJob Job => job;

    internal int Count => count;

    internal bool BeginsWithReset { get; set; }

    /// <summary>On a session that was used before.</summary>
    internal bool SessionWasUsed { get; set; }

    /// <summary>The content follows the envelope with BDAT, and no DATA comes between.</summary>
    internal bool ByBdat { get; set; }

    /// <summary>It was begun before the one ahead was answered.</summary>
    internal bool IsSpeculative { get; set; }

    /// <summary>What the next reply answers.</summary>
    internal PartStep Step { get; private set; }

    internal int Taken { get; private set; }

    internal bool ResetRefused { get; private set; }

    internal bool MailRefused => _mailRefusal is not null;

    /// <summary>354 has come.</summary>
    internal bool MayGiveContent { get; private set; }

    /// <summary>The reply to DATA has come.</summary>
    internal bool DataAnswered => MayGiveContent || _contentRefusal is not null;

    internal int RcptReplies => _rcptReplies;

    /// <summary>The end of the content may have left: from here on silence means that nobody knows.</summary>
    internal bool EndHasLeft { get; set; }

    internal bool ContentAccepted { get; private set; }

    /// <summary>Recipients that the server found too many; they go in a part of their own.</summary>
    internal IReadOnlyList<int> Overflow => _overflow ?? (IReadOnlyList<int>)[];

    internal int Recipient(int i) => chosen is null ? first + i : chosen[i];

    internal SmtpRecipient Address(int i) => job.Transaction.Recipients[Recipient(i)];

    internal void Start(bool withReset)
    {
        BeginsWithReset = withReset;
        Step = withReset ? PartStep.Reset : PartStep.Mail;
    }

    internal void ExpectContentReply() => Step = PartStep.Content;

    /// <summary>Takes the reply that was read last.</summary>
    internal void Take(Dialogue dialogue)
    {
        var code = dialogue.Code;
        if (code == 421)
        {
            var reply = dialogue.Reply;
            if (Step == PartStep.Content)
            {
                Refuse(SmtpStage.Content, reply);
                Step = PartStep.Done;
            }

            throw new SessionBroken(SmtpFault.ServiceClosing, $"The server closes: {reply}", reply: reply);
        }

        if (code is >= 300 and < 400 && Step != PartStep.Data)
        {
            throw new SessionBroken(SmtpFault.ProtocolViolation, $"The server answered {code} where it makes no sense.");
        }

        switch (Step)
        {
            case PartStep.Reset:
                ResetRefused = code >= 400;
                Step = PartStep.Mail;
                break;
            case PartStep.Mail:
                _mailRefusal = code >= 400 ? dialogue.Reply : null;
                Step = PartStep.Rcpt;
                break;
            case PartStep.Rcpt:
                TakeRcpt(code, dialogue);
                break;
            case PartStep.Data:
                TakeData(code, dialogue);
                break;
            case PartStep.Content:
                TakeContent(code, dialogue);
                break;
            default:
                throw new SessionBroken(SmtpFault.ProtocolViolation, "The server answered what nobody asked.");
        }
    }

    /// <summary>Whether a recipient was taken at RCPT and now depends on the content.</summary>
    internal bool IsTaken(int i) => _rcptTaken is null ? i == 0 && _onlyRcptTaken : _rcptTaken[i];

    /// <summary>Writes down what a broken session leaves of this part.</summary>
    internal void Break(SessionBroken broken, bool isHead)
    {
        if (Step == PartStep.Done)
        {
            job.Fail(broken.Fault, broken.Message, broken.InnerException);
            return;
        }

        var silent = Step <= PartStep.Mail;

        // A server that says 421 does not look at what comes behind it.
        var closing = broken.Fault == SmtpFault.ServiceClosing;
        var uncertain = EndHasLeft && !closing;
        var reply = isHead || closing ? broken.Reply : null;
        var stage = uncertain ? SmtpStage.Content : StageOf(Step);
        for (var i = 0; i < count; i++)
        {
            ref var result = ref job.Result(Recipient(i));
            if (result.Result == SmtpResult.Refused || (_overflow?.Contains(Recipient(i)) ?? false))
            {
                continue;
            }

            result = MailRefused && !IsTaken(i)
                ? result with { Result = SmtpResult.Refused, Stage = SmtpStage.Mail, Reply = _mailRefusal }
                : result with { Result = uncertain ? SmtpResult.Uncertain : SmtpResult.NotSent, Stage = stage, Reply = reply };
        }

        job.Note(stage, reply, silent && !uncertain && SessionWasUsed && broken.Fault != SmtpFault.Canceled);
        job.Fail(broken.Fault, broken.Message, broken.InnerException ?? broken);
        Step = PartStep.Done;
    }

    /// <summary>Every recipient without a verdict gets this one, because the part ended before its content.</summary>
    internal void Refuse(SmtpStage stage, SmtpReply? reply, SmtpResult verdict = SmtpResult.Refused)
    {
        for (var i = 0; i < count; i++)
        {
            ref var result = ref job.Result(Recipient(i));
            if (result.Result == SmtpResult.NotSent && !(_overflow?.Contains(Recipient(i)) ?? false))
            {
                result = result with { Result = verdict, Stage = stage, Reply = reply };
            }
        }

        job.Note(stage, reply, mayRetry: false);
    }

    /// <summary>Writes down what the replies to the envelope decided, where no content follows.</summary>
    internal void EndWithoutContent()
    {
        if (_mailRefusal is not null)
        {
            Refuse(SmtpStage.Mail, _mailRefusal);
        }
        else if (_contentRefusal is not null && Taken > 0)
        {
            Refuse(SmtpStage.Data, _contentRefusal);
        }
        else
        {
            job.Note(SmtpStage.Rcpt, LastRefusal(), mayRetry: false);
        }

        Step = PartStep.Done;
    }

    /// <summary>The state that RSET should have cleared was not cleared: the replies to this part mean nothing.</summary>
    internal void Distrust()
    {
        for (var i = 0; i < count; i++)
        {
            ref var result = ref job.Result(Recipient(i));
            result = result with { Result = SmtpResult.NotSent, Stage = SmtpStage.Mail, Reply = null };
        }

        _overflow = null;
        job.Note(SmtpStage.Mail, null, mayRetry: SessionWasUsed);
        job.Fail(SmtpFault.ProtocolViolation, "The server refused RSET.", null);
        Step = PartStep.Done;
    }

    static SmtpStage StageOf(PartStep step) => step switch
    {
        PartStep.Reset or PartStep.Mail => SmtpStage.Mail,
        PartStep.Rcpt => SmtpStage.Rcpt,
        PartStep.Data => SmtpStage.Data,
        _ => SmtpStage.Content,
    };

    void TakeRcpt(int code, Dialogue dialogue)
    {
        var i = _rcptReplies++;
        if (code < 300)
        {
            Taken++;
            if (count > 1)
            {
                _rcptTaken ??= new bool[count];
                _rcptTaken[i] = true;
            }
            else
            {
                _onlyRcptTaken = true;
            }
        }
        else if (_mailRefusal is null)
        {
            var reply = dialogue.Reply;
            if (Taken > 0 && IsTooMany(reply))
            {
                (_overflow ??= []).Add(Recipient(i));
            }
            else
            {
                ref var result = ref job.Result(Recipient(i));
                result = result with { Result = SmtpResult.Refused, Stage = SmtpStage.Rcpt, Reply = reply };
            }
        }

        if (_rcptReplies == count)
        {
            Step = ByBdat ? PartStep.Content : PartStep.Data;
        }
    }

    void TakeData(int code, Dialogue dialogue)
    {
        if (code == 354)
        {
            MayGiveContent = true;
            return;
        }

        if (code < 400)
        {
            throw new SessionBroken(SmtpFault.ProtocolViolation, $"The server answered DATA with {code}.");
        }

        _contentRefusal = dialogue.Reply;
    }

    void TakeContent(int code, Dialogue dialogue)
    {
        if (code >= 400)
        {
            EndRefused(dialogue.Reply);
            return;
        }

        if (!EndHasLeft)
        {
            throw new SessionBroken(SmtpFault.ProtocolViolation, "The server accepted the content before its end.");
        }

        ContentAccepted = true;
        var reply = dialogue.Reply;
        for (var i = 0; i < count; i++)
        {
            if (IsTaken(i))
            {
                ref var result = ref job.Result(Recipient(i));
                result = result with { Result = SmtpResult.Accepted, Stage = SmtpStage.Content, Reply = reply };
            }
        }

        if (_mailRefusal is not null)
        {
            Refuse(SmtpStage.Mail, _mailRefusal);
        }

        job.Note(SmtpStage.Content, Taken > 0 ? reply : LastRefusal(), mayRetry: false);
        Step = PartStep.Done;
    }

    void EndRefused(SmtpReply reply)
    {
        // Where nobody was taken, the server's word on the content only repeats that.
        if (_mailRefusal is not null || Taken == 0)
        {
            _contentRefusal = null;
            EndWithoutContent();
        }
        else
        {
            Refuse(SmtpStage.Content, reply);
            Step = PartStep.Done;
        }
    }

    SmtpReply? LastRefusal()
    {
        for (var i = count - 1; i >= 0; i--)
        {
            if (job.Result(Recipient(i)) is { Result: SmtpResult.Refused } refused)
            {
                return refused.Reply;
            }
        }

        return null;
    }

    // RFC 5321 4.5.3.1.10 names 452 and tolerates 552; with another enhanced status than x.5.3 they mean a full disk or mailbox.
    static bool IsTooMany(SmtpReply reply)
        => reply.Code is 452 or 552
            && (reply.EnhancedStatus is null || reply.EnhancedStatus.EndsWith(".5.3", StringComparison.Ordinal)
                || reply.Text.Contains("too many recipients", StringComparison.OrdinalIgnoreCase));
}

/// <summary>What the next reply answers.</summary>
internal enum PartStep
{
    Reset,
    Mail,
    Rcpt,
    Data,
    Content,
    Done,
}
