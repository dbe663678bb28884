namespace MailPlugin.Storage.Queue;

/// <summary>What waits together in a lane: messages of one source that are bound to one transport, or to none.</summary>
internal readonly record struct StreamName(string Source, string Transport)
{
    const char Separator = '\n';

    public static StreamName Parse(string text)
    {
        var separator = text.IndexOf(Separator, StringComparison.Ordinal);
        return new(text[..separator], text[(separator + 1)..]);
    }

    public override string ToString() => $"{Source}{Separator}{Transport}";
}
