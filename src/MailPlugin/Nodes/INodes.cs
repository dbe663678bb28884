namespace MailPlugin.Nodes;

/// <summary>The processes that work on one store, this one among them. With SQLite it is the only one.</summary>
internal interface INodes
{
    /// <summary>How many are alive, as far as this one knows; at least one.</summary>
    int Count { get; }

    /// <summary>This one's place among them, from 0. The first does what need not be done by all.</summary>
    int Rank { get; }

    /// <summary>Raised when <see cref="Count"/> or <see cref="Rank"/> is another one.</summary>
    event Action? Changed;
}
