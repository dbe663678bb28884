using System.Text;
using MailPlugin.Host.Loading;

namespace MailPlugin.Host.Tests.Loading;

/// <summary>Damaged manifests by the thousand. Each seed is a case of its own, so that a fault found has a name to run again.</summary>
public sealed class PluginManifestFuzzTests
{
    // Pieces that parsers stumble over; random bytes alone rarely make them.
    static readonly byte[][] Pieces =
    [
        .. new[] { "{", "}", "[", "]", "\"", ":", ",", "\\", "\\u0000", "\\ud83d", "null", "1e999", "-0", "true", "\"id\"", "\"pages\"", "{\"title\":\"a\",\"path\":\"/\"}" }
            .Select(Encoding.UTF8.GetBytes),
        [0xff], [0xc3], [0xed, 0xa0, 0x80], [0xef, 0xbb, 0xbf], [0x00],
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whatever_the_file_holds_it_is_a_manifest_or_a_manifest_fault(int seed)
    {
        var random = new Random(seed);
        var good = Encoding.UTF8.GetBytes(PluginManifestReaderTests.Good().ToJsonString());
        var (read, refused) = (0, 0);
        for (var i = 0; i < 5000; i++)
        {
            var bytes = Damage(good, random);
            try
            {
                var manifest = PluginManifestReader.Read(bytes);
                Assert.Equal(manifest.Assembly, Path.GetFileName(manifest.Assembly));
                Assert.Matches("^[a-z0-9-]{1,64}$", manifest.Id);
                Assert.All(manifest.Pages, page => Assert.Matches("^/([^/\\\\].*)?$", page.Path));
                read++;
            }
            catch (PluginManifestException e)
            {
                Assert.NotEmpty(e.Faults);
                refused++;
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"{e.GetType().Name} for {Convert.ToHexString(bytes)}: {e}");
            }
        }

        // Both happen, or the damage is too great or too small to say anything.
        Assert.InRange(read, 1, 4999);
        Assert.InRange(refused, 1, 4999);
    }

    static byte[] Damage(byte[] good, Random random)
    {
        var bytes = good.ToList();
        for (var times = random.Next(1, 5); times > 0; times--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 60), bytes.Count - at)));
                    break;
                default:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
            }

            if (bytes.Count == 0)
            {
                return [];
            }
        }

        return [.. bytes];
    }
}
