using MailPlugin.TestBed;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace MailPlugin.Tests.Storage;

/// <summary>A fact of a suite that several classes inherit; a class whose server is missing skips it by name.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("MailPlugin.Tests.Storage.ContractFactDiscoverer", "MailPlugin.Tests")]
public sealed class ContractFactAttribute : FactAttribute;

/// <summary>Which server the tests of a class need.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsAttribute(Server server) : Attribute
{
    public Server Server { get; } = server;
}

public sealed class ContractFactDiscoverer(IMessageSink diagnostics) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
    {
        var missing = testMethod.TestClass.Class.GetCustomAttributes(typeof(NeedsAttribute).AssemblyQualifiedName!)
            .Select(needs => Requirement.Missing(needs.GetNamedArgument<Server>(nameof(NeedsAttribute.Server)))).FirstOrDefault();
        var (display, options) = (discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault());
        yield return missing is null || Requirement.Strict
            ? new XunitTestCase(diagnostics, display, options, testMethod)
            : new SkippedCase(diagnostics, display, options, testMethod, missing);
    }
}

/// <summary>Says why when it is run, and is not run.</summary>
public sealed class SkippedCase : XunitTestCase
{
    string _reason = "";

    [Obsolete("For the runner, which makes it anew from what it stored.")]
    public SkippedCase()
    {
    }

    public SkippedCase(IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method, string reason)
        : base(diagnostics, display, options, method) => _reason = reason;

    public override void Serialize(IXunitSerializationInfo data)
    {
        base.Serialize(data);
        data.AddValue("reason", _reason);
    }

    public override void Deserialize(IXunitSerializationInfo data)
    {
        _reason = data.GetValue<string>("reason");
        base.Deserialize(data);
    }

    protected override string GetSkipReason(IAttributeInfo factAttribute) => _reason;
}
