namespace MailPlugin.Nodes;

/// <summary>The one process on its store: nobody else changes anything.</summary>
internal sealed class SingleNode : INodes, IStoreChanges
{
    event Action? INodes.Changed
    {
        add { }
        remove { }
    }

    event Action<string>? IStoreChanges.Changed
    {
        add { }
        remove { }
    }

    public int Count => 1;

    public int Rank => 0;

    public void WakeOthers()
    {
        // There are none.
    }
}
