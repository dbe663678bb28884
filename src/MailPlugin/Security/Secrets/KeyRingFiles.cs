using System.Xml.Linq;
using MailPlugin.Options;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace MailPlugin.Security.Secrets;

/// <summary>The Data Protection keys as files that only the host's user can read. The framework's own repository leaves the mode to the umask.</summary>
internal sealed class KeyRingFiles(DataFolder data) : IXmlRepository
{
    readonly string _folder = data.Folder("keys");

    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. Directory.EnumerateFiles(_folder, "*.xml").Order(StringComparer.Ordinal).Select(file => XElement.Load(file))];

    public void StoreElement(XElement element, string friendlyName)
    {
        var name = string.Concat(friendlyName.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-'));
        data.WritePrivate(Path.Combine("keys", name + ".xml"), element.ToString());
    }
}
