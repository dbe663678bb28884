using Microsoft.AspNetCore.Http;

namespace MailPlugin.Diagnostics.Debug;

/// <summary><c>GET /debug</c>.</summary>
internal static class GetDebug
{
    public static IResult Handle(DebugSwitch debug, TimeProvider clock) => Results.Ok(View.Of(debug.State, clock.GetUtcNow()));

    /// <param name="Until">When it switches itself off; null when it is off.</param>
    internal sealed record View(bool Enabled, int Minutes, TranscriptContent Content, string? Transport, DateTimeOffset? Until)
    {
        public static View Of(DebugState state, DateTimeOffset now)
        {
            var on = state.IsOn(now);
            return new(on, state.Minutes, state.Content, state.Transport, on ? state.Until : null);
        }
    }
}
