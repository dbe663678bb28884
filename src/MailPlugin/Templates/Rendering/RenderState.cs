using System.Globalization;

namespace MailPlugin.Templates.Rendering;

/// <summary>What the helpers of one rendering share.</summary>
internal sealed class RenderState(RenderBudget budget, CultureInfo culture, BrandColors colors)
{
    public RenderBudget Budget => budget;

    public CultureInfo Culture => culture;

    public BrandColors Colors => colors;

    /// <summary>The line that inboxes show beside the subject, if the template writes one.</summary>
    public string? Preheader { get; set; }
}

/// <param name="Fill">Of buttons, such as <c>#2457d6</c>.</param>
/// <param name="Ink">Black or white, whichever can be read on it.</param>
internal sealed record BrandColors(string Fill, string Ink)
{
    public static BrandColors Of(string fill)
    {
        var (red, green, blue) = (Channel(fill, 1), Channel(fill, 3), Channel(fill, 5));
        var luminance = (0.2126 * red) + (0.7152 * green) + (0.0722 * blue);

        // Equal contrast with black and white (WCAG 2.1, relative luminance).
        return new(fill, luminance > 0.179 ? "#000000" : "#ffffff");
    }

    static double Channel(string color, int at)
    {
        var share = int.Parse(color.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
    }
}
