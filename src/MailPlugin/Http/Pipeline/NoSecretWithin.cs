namespace MailPlugin.Http.Pipeline;

/// <summary>Metadata of a route whose answers hold neither a secret nor anything of the request: their length gives nothing away, so that they may be compressed over https.</summary>
internal sealed class NoSecretWithin;
