namespace MailPlugin.Http.Problems;

/// <summary>One of the closed list of things that can go wrong for a caller.</summary>
/// <param name="Slug">Last segment of the problem's type; clients compare it.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Title">What it is, for every occurrence the same.</param>
/// <param name="Explanation">What to do about it: the text behind the type's address.</param>
internal sealed record ProblemType(string Slug, int Status, LocalizedText Title, LocalizedText Explanation);
