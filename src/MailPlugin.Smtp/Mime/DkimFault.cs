namespace MailPlugin.Smtp.Mime;

/// <summary>Why there can be no signer.</summary>
/// <param name="Part">What is at fault.</param>
/// <param name="Error">What it is to be, as the rest of a sentence that begins with the field's name. Never contains the key.</param>
public sealed record DkimFault(DkimPart Part, string Error);

/// <summary>What a signer is made of.</summary>
public enum DkimPart
{
    /// <summary>The signing domain.</summary>
    Domain,

    /// <summary>The selector.</summary>
    Selector,

    /// <summary>The private key.</summary>
    PrivateKey,
}
