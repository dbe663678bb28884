using System.Reflection;

namespace MailPlugin.Tests.Diagnostics.Doctor;

/// <summary>The causes for which this test has the doctor name a fix, applies it as it stands and sees mail leave. Without it a drill demands that there be no fix.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CuresAttribute(params string[] causes) : Attribute
{
    /// <summary>By the name of the test: what it cures.</summary>
    public static ILookup<string, string> ByTest { get; } = typeof(CuresAttribute).Assembly.GetTypes()
        .Where(type => type.Namespace == typeof(CuresAttribute).Namespace)
        .SelectMany(type => type.GetMethods())
        .SelectMany(method => (method.GetCustomAttribute<CuresAttribute>()?.Causes ?? []).Select(cause => (method.Name, Cause: cause)))
        .ToLookup(one => one.Name, one => one.Cause);

    public IReadOnlyList<string> Causes => causes;
}
