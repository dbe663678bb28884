namespace MailPlugin.Templates.Rendering;

/// <summary>What one rendering may cost, all its parts together. Asked at every step of a loop, every helper and every piece of output: the engine has no limit of its own.</summary>
internal sealed class RenderBudget(TimeProvider clock, RenderLimits limits)
{
    /// <summary>Looking at the clock costs more than most steps.</summary>
    const int StepsPerLook = 16;

    readonly long _start = clock.GetTimestamp();
    int _left = limits.Characters;
    int _steps;

    /// <exception cref="RenderLimitException">The time is over.</exception>
    public void Step()
    {
        if (++_steps % StepsPerLook == 0 && clock.GetElapsedTime(_start) > limits.Time)
        {
            throw new RenderLimitException(RenderLimit.Time);
        }
    }

    /// <exception cref="RenderLimitException">It would be too much output.</exception>
    public void Spend(int characters)
    {
        if ((_left -= characters) < 0)
        {
            throw new RenderLimitException(RenderLimit.Output);
        }
    }
}

internal sealed record RenderLimits(TimeSpan Time, int Characters)
{
    public static RenderLimits Standard { get; } = new(TimeSpan.FromSeconds(2), 2 * 1024 * 1024);
}

internal enum RenderLimit
{
    Time,
    Output,
}

internal sealed class RenderLimitException(RenderLimit limit) : Exception($"The rendering ran over its limit of {limit}.")
{
    public RenderLimit Limit => limit;
}
