namespace MailPlugin.Host.Loading;

/// <summary>Why a plugin cannot be used, in words that name the fault. Never leaves <see cref="PluginLoader"/>.</summary>
internal sealed class PluginRefusedException(string reason, Exception? cause = null) : Exception(reason, cause);
