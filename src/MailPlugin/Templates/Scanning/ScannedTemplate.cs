namespace MailPlugin.Templates.Scanning;

/// <summary>A part of a template that broke no rule.</summary>
/// <param name="Source">
/// What is compiled: the tags written anew from what was understood of them, so that the engine cannot read them otherwise than the scanner did.
/// </param>
/// <param name="Variables">Paths below the model, and whether the part is incomplete without a value.</param>
internal sealed record ScannedTemplate(string Source, IReadOnlyDictionary<string, bool> Variables);
