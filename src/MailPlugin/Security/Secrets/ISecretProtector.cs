namespace MailPlugin.Security.Secrets;

/// <summary>Makes secrets unreadable for whoever gets hold of the database alone.</summary>
internal interface ISecretProtector
{
    byte[] Protect(string purpose, byte[] value);

    /// <summary>Null when the key that protected it is gone, or it was changed.</summary>
    byte[]? Unprotect(string purpose, byte[] value);
}
