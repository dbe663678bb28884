namespace MailPlugin.Options;

/// <summary>A bootstrap option of the host's configuration is wrong. Stops the plugin's start.</summary>
internal sealed class InvalidOptionException(string option, string problem)
    : Exception($"{MailPluginOptions.Section}:{option} {problem}");
