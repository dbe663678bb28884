using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Mail;

/// <summary>A built host and a real Postfix, for a class whose tests bring their own settings and read all the mail that they cause.</summary>
public sealed class PostfixBed : IAsyncLifetime
{
    /// <summary>The login's password, to be found nowhere.</summary>
    public const string Password = "c4nary-p4ssword-7f3a";

    readonly SharedHost shared = new();

    internal MailHost Host => shared.Host;

    internal PostfixServer Postfix { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await shared.InitializeAsync();
        if (Requirement.Missing(Server.Postfix) is null)
        {
            Postfix = await PostfixServer.StartAsync(new() { Password = Password });
        }
    }

    public async Task DisposeAsync()
    {
        await shared.DisposeAsync();
        if (Postfix is not null)
        {
            await Postfix.DisposeAsync();
        }
    }

    /// <summary>A host without settings, an empty mailbox.</summary>
    internal async Task EmptyAsync()
    {
        await shared.EmptyAsync();
        Postfix?.Mailbox.Clear();
    }
}

/// <summary>One host and one Postfix for all tests of a class; each finds them empty.</summary>
public abstract class PostfixTest(PostfixBed bed) : IClassFixture<PostfixBed>, IAsyncLifetime
{
    private protected MailHost Host => bed.Host;

    private protected PostfixServer Postfix => bed.Postfix;

    public Task InitializeAsync() => bed.EmptyAsync();

    public Task DisposeAsync() => Task.CompletedTask;
}
