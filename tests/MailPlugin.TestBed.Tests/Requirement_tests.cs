namespace MailPlugin.TestBed.Tests;

public sealed class Requirement_tests
{
    [Fact]
    public async Task A_test_is_skipped_by_the_name_of_each_server_that_is_missing() =>
        Assert.Equal("Msmtp is missing: no msmtp in the PATH; Php is missing: no php in the PATH", await SkipAsync("0"));

    [Fact]
    public async Task Where_servers_are_required_it_is_not_skipped() => Assert.Equal("runs", await SkipAsync("1"));

    [Fact]
    public void Every_server_says_whether_it_is_there() =>
        Assert.All(Enum.GetValues<Server>(), server => Assert.True(Requirement.Missing(server) is null || Requirement.Missing(server)!.StartsWith($"{server} is missing: no ", StringComparison.Ordinal)));

    static async Task<string> SkipAsync(string required)
    {
        using var process = OtherProcess.Start("skip", ("PATH", "/nowhere"), (Requirement.Variable, required));
        return (await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60))).Trim();
    }
}
