using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace MailPlugin.Abstractions;

/// <summary>What a plugin learns when it is loaded.</summary>
/// <param name="Manifest">The manifest that named the entry.</param>
/// <param name="Folder">Full path of the plugin's folder: its assemblies, manifest and pages.</param>
/// <param name="Configuration">The host's configuration. It may change while the host runs.</param>
/// <param name="Environment">The host's environment: name, content root.</param>
public sealed record HostPluginContext(PluginManifest Manifest, string Folder, IConfiguration Configuration, IHostEnvironment Environment);
