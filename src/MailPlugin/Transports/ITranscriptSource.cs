using MailPlugin.Smtp;

namespace MailPlugin.Transports;

/// <summary>Decides whether a session is recorded, and takes the record.</summary>
internal interface ITranscriptSource
{
    /// <summary>A record for a session that begins now; null when none is wanted.</summary>
    /// <param name="transport">Id of the transport.</param>
    /// <param name="message">Id of the message it is opened for.</param>
    ITransportTranscript? Begin(string transport, string? message);
}

/// <summary>The record of one session.</summary>
internal interface ITransportTranscript : ISmtpTranscript
{
    string Id { get; }

    /// <summary>The session has ended; the record is kept. Never throws: a transcript that cannot be kept stops no mail.</summary>
    /// <param name="outcome">In a few words: <c>ok</c>, or what went wrong.</param>
    Task CompleteAsync(string outcome);
}
