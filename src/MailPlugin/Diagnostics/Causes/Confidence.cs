namespace MailPlugin.Diagnostics.Causes;

/// <summary>How sure a cause is.</summary>
internal enum Confidence
{
    /// <summary>The evidence allows nothing else.</summary>
    High,

    /// <summary>The likeliest of several.</summary>
    Medium,

    /// <summary>A guess, or none: the evidence has to speak for itself.</summary>
    Low,
}
