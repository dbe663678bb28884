using System.Globalization;

namespace MailPlugin.Benchmarks;

/// <summary>How often and how much: in full, <c>--short</c> to see that it works, or <c>--scale 0.2</c> of the messages.</summary>
/// <param name="Rounds">Rounds of what is compared.</param>
/// <param name="Scale">The part of the full number of messages.</param>
internal sealed record Effort(int Rounds, double Scale)
{
    public static Effort Read(string[] words)
    {
        var isShort = words.Contains("--short");
        return new(
            (int)(Value("--rounds") ?? (isShort ? 3 : 9)),
            Value("--scale") ?? (isShort ? 0.05 : 1));

        double? Value(string name) => Array.IndexOf(words, name) is var place and >= 0 && place + 1 < words.Length
            ? double.Parse(words[place + 1], CultureInfo.InvariantCulture)
            : null;
    }

    /// <summary>That part of a number, a multiple of <paramref name="step"/> and at least one.</summary>
    public int Of(int full, int step = 1) => Math.Max(1, (int)(full * Scale / step)) * step;
}
