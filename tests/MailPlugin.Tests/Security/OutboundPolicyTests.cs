using System.Net;
using MailPlugin.Options;
using MailPlugin.Security.Outbound;

namespace MailPlugin.Tests.Security;

public sealed class OutboundPolicyTests
{
    [Theory]
    [InlineData("192.0.2.1", true, true)]
    [InlineData("8.8.8.8", true, true)]
    [InlineData("2001:db8::1", true, true)]
    [InlineData("2a00:1450:4001::1", true, true)]

    // Private: as the option says.
    [InlineData("127.0.0.1", true, false)]
    [InlineData("127.255.255.254", true, false)]
    [InlineData("10.0.0.1", true, false)]
    [InlineData("172.16.0.1", true, false)]
    [InlineData("172.31.255.255", true, false)]
    [InlineData("172.32.0.1", true, true)]
    [InlineData("192.168.1.1", true, false)]
    [InlineData("100.64.0.1", true, false)]
    [InlineData("198.18.0.1", true, false)]
    [InlineData("::1", true, false)]
    [InlineData("fc00::1", true, false)]
    [InlineData("fd12:3456::1", true, false)]

    // Never.
    [InlineData("0.0.0.0", false, false)]
    [InlineData("0.1.2.3", false, false)]
    [InlineData("169.254.169.254", false, false)]
    [InlineData("169.254.0.1", false, false)]
    [InlineData("224.0.0.1", false, false)]
    [InlineData("239.255.255.255", false, false)]
    [InlineData("240.0.0.1", false, false)]
    [InlineData("255.255.255.255", false, false)]
    [InlineData("100.100.100.200", false, false)]
    [InlineData("192.0.0.192", false, false)]
    [InlineData("168.63.129.16", false, false)]
    [InlineData("::", false, false)]
    [InlineData("fe80::1", false, false)]
    [InlineData("fe80::1%1", false, false)]
    [InlineData("febf::1", false, false)]
    [InlineData("fec0::1", false, false)]
    [InlineData("ff02::1", false, false)]
    [InlineData("fd00:ec2::254", false, false)]
    [InlineData("fd20:ce::254", false, false)]

    // IPv4 in other clothes.
    [InlineData("::ffff:192.0.2.1", true, true)]
    [InlineData("::ffff:127.0.0.1", true, false)]
    [InlineData("::ffff:169.254.169.254", false, false)]
    [InlineData("::ffff:0.0.0.0", false, false)]
    [InlineData("::169.254.169.254", false, false)]
    [InlineData("::127.0.0.1", true, false)]
    [InlineData("64:ff9b::192.0.2.1", true, true)]
    [InlineData("64:ff9b::10.0.0.1", true, false)]
    [InlineData("64:ff9b::169.254.169.254", false, false)]
    [InlineData("64:ff9b:1::169.254.169.254", false, false)]
    [InlineData("2002:c000:0201::", true, true)]
    [InlineData("2002:7f00:0001::", true, false)]
    [InlineData("2002:a9fe:a9fe::", false, false)]
    [InlineData("2002:a9fe:a9fe::1", false, false)]
    [InlineData("64:ff9b:1:a9fe:a9:fe00::", false, false)]
    [InlineData("64:ff9b:1:7f00:0:100::", true, false)]
    [InlineData("64:ff9b:1::192.0.2.1", true, true)]
    [InlineData("::ffff:0:169.254.169.254", false, false)]
    [InlineData("::ffff:0:10.0.0.1", true, false)]
    [InlineData("2001:db8::5efe:169.254.169.254", false, false)]
    [InlineData("2001:db8::200:5efe:10.0.0.1", true, false)]
    [InlineData("2001:db8::5efe:192.0.2.1", true, true)]
    [InlineData("2001:0:4136:e378:8000:63bf:3fff:fdd2", false, false)]
    public void An_address_is_allowed_or_not(string address, bool byDefault, bool withoutPrivate)
    {
        Assert.Equal(byDefault, new OutboundPolicy(new()).Allows(IPAddress.Parse(address)));
        Assert.Equal(withoutPrivate, new OutboundPolicy(new() { AllowPrivate = false }).Allows(IPAddress.Parse(address)));
    }

    [Fact]
    public void Ports_are_any_or_those_that_are_named()
    {
        Assert.True(new OutboundPolicy(new()).AllowsPort(11211));

        var named = new OutboundPolicy(new OutboundOptions { Ports = [25, 587] });
        Assert.True(named.AllowsPort(587));
        Assert.False(named.AllowsPort(465));
    }
}
