namespace MailPlugin.Storage.Moving;

/// <summary>A store cannot be moved as it was asked for; the message says what to do.</summary>
internal sealed class MoveRefusedException(string message) : Exception(message);
