namespace MailPlugin.Http.Pipeline;

/// <summary>Feature of a request that asks for the head of an answer alone: what would stream for as long as somebody reads ends at once.</summary>
internal sealed class HeadersOnly;
