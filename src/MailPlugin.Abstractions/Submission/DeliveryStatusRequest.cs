namespace MailPlugin.Abstractions;

/// <summary>What the relay is asked to report (RFC 3461).</summary>
/// <param name="Notify">Of <c>success</c>, <c>failure</c>, <c>delay</c>; or <c>never</c> alone.</param>
/// <param name="Return"><c>headers</c> or <c>full</c>.</param>
/// <param name="EnvelopeId">Comes back in the report.</param>
public sealed record DeliveryStatusRequest(IReadOnlyList<string> Notify, string? Return = null, string? EnvelopeId = null);
