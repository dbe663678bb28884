namespace MailPlugin.Nodes;

/// <summary>Tells what was changed in the store, so that what a node keeps in memory follows.</summary>
internal interface IStoreChanges
{
    /// <summary>
    /// Raised within two seconds of a change, with its <see cref="Topic"/>, on every node and also on the one that made it. When it is not known what was missed, once for each topic.
    /// Handlers return at once.
    /// </summary>
    event Action<string>? Changed;

    /// <summary>Tells the other nodes that there is something to be sent. Costs nothing where there are none; may get lost.</summary>
    void WakeOthers();
}

/// <summary>What changes are told of.</summary>
internal static class Topic
{
    public const string Settings = "settings";
    public const string Keys = "keys";
    public const string Templates = "templates";

    /// <summary>Names of <c>state</c> begin with the topic that they are told under.</summary>
    public const string Debug = "debug";
    public const string Delivery = "delivery";
    public const string Test = "test";
    public const string Resume = "resume";

    /// <summary>Something waits to be sent. A wake-up without a version: nothing is kept of it.</summary>
    public const string Queue = "queue";
}
