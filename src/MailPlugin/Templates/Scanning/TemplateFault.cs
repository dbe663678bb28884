using MailPlugin.Http;

namespace MailPlugin.Templates.Scanning;

/// <summary>Why a template is refused, and where.</summary>
/// <param name="Part"><c>subject</c>, <c>text</c> or <c>html</c>.</param>
/// <param name="Line">From 1; null when it is no place in the text, such as a template that never ends.</param>
/// <param name="Column">From 1.</param>
internal sealed record TemplateFault(string Part, int? Line, int? Column, LocalizedText Message);
