using System.Security.Cryptography;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Security.Secrets;

/// <summary>
/// A key ring whose keys are sealed where they are kept. Keys from before anything was configured are read, and sealed on the way. A key that cannot be opened stops everything: going on
/// without it would make a new one, and what the old one protects would seem lost.
/// </summary>
internal sealed partial class SealedKeyRing(IXmlRepository inner, KeyRingSeal seal, ILogger<SealedKeyRing> logger) : IXmlRepository
{
    const string Element = "sealed";

    public IReadOnlyCollection<XElement> GetAllElements() => [.. inner.GetAllElements().Select(Open)];

    public void StoreElement(XElement element, string friendlyName) =>
        inner.StoreElement(new XElement(Element, new XAttribute("format", "1"), Convert.ToBase64String(seal.Seal(element.ToString(SaveOptions.DisableFormatting)))), friendlyName);

    /// <summary>Whether a key as it is kept can be read with what was configured.</summary>
    public static bool Opens(XElement kept, KeyRingSeal? seal)
    {
        try
        {
            return kept.Name != Element || seal?.Open(Convert.FromBase64String(kept.Value)) is not null;
        }
        catch (Exception fault) when (fault is CryptographicException or FormatException)
        {
            return false;
        }
    }

    XElement Open(XElement element)
    {
        if (element.Name == Element)
        {
            try
            {
                return XElement.Parse(seal.Open(Convert.FromBase64String(element.Value)));
            }
            catch (FormatException fault)
            {
                throw new CryptographicException("A key of the ring is damaged.", fault);
            }
        }

        if (element.Name == "key" && element.Attribute("id") is { Value: { Length: > 0 } id })
        {
            // The name that Data Protection gave it: it is replaced.
            StoreElement(element, $"key-{id}");
            LogSealed(id);
        }

        return element;
    }

    [LoggerMessage(EventId = 1531, Level = LogLevel.Information, Message = "Key {Id} of the key ring lay open and is sealed now")]
    partial void LogSealed(string id);
}
