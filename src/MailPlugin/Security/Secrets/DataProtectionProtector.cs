using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace MailPlugin.Security.Secrets;

/// <summary>ASP.NET Core Data Protection with a key ring of the plugin's own.</summary>
internal sealed class DataProtectionProtector(IDataProtectionProvider provider) : ISecretProtector
{
    public byte[] Protect(string purpose, byte[] value) => provider.CreateProtector(purpose).Protect(value);

    public byte[]? Unprotect(string purpose, byte[] value)
    {
        try
        {
            return provider.CreateProtector(purpose).Unprotect(value);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
