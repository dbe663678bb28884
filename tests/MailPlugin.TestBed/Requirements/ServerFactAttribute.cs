using System.Diagnostics.CodeAnalysis;
using Xunit;

namespace MailPlugin.TestBed;

/// <summary>A fact that is skipped, by name, where a server it needs is missing; where servers are required it runs and fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
[SuppressMessage("Design", "CA1019:Define accessors for attribute arguments", Justification = "Read as Servers")]
public sealed class ServerFactAttribute : FactAttribute
{
    public ServerFactAttribute(params Server[] servers)
    {
        Servers = servers;
        Skip = Requirement.Strict ? null : Requirement.Missing(servers);
    }

    public IReadOnlyList<Server> Servers { get; }
}
