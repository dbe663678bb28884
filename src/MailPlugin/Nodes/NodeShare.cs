namespace MailPlugin.Nodes;

/// <summary>What this node may have of something that is limited for all together.</summary>
internal static class NodeShare
{
    /// <summary>Its part of things that can be counted. The parts of all nodes are the whole; where there are fewer things than nodes some have none.</summary>
    public static int Of(this INodes nodes, int whole)
    {
        var (count, rank) = (nodes.Count, nodes.Rank);
        return (whole / count) + (rank < whole % count ? 1 : 0);
    }
}
