using System.Text;

namespace MailPlugin.Smtp.Tests.Mime;

/// <summary>What Python read.</summary>
sealed record PythonMessage(
    string[][] Fields,
    PythonMailbox[]? From,
    PythonMailbox[]? Sender,
    PythonMailbox[]? ReplyTo,
    PythonMailbox[]? To,
    PythonMailbox[]? Cc,
    string? Subject,
    DateTimeOffset? Date,
    PythonPart Root,
    string[] Faults,
    bool IsSigned)
{
    public string[] Names => [.. Fields.Select(pair => pair[0])];

    public string? Get(string name) => Fields.FirstOrDefault(pair => pair[0].Equals(name, StringComparison.OrdinalIgnoreCase))?[1];
}

sealed record PythonMailbox(string Name, string Address);

sealed record PythonPart(
    string Type,
    string? Charset,
    string? Encoding,
    string? Disposition,
    string? FileName,
    string? Name,
    string? ContentId,
    string? RootType,
    byte[]? Content,
    PythonPart[] Parts)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Content!);

    /// <summary>The tree of types, such as <c>multipart/alternative(text/plain text/html)</c>.</summary>
    public string Shape => Parts.Length == 0 ? Type : new StringBuilder(Type).Append('(').AppendJoin(' ', Parts.Select(part => part.Shape)).Append(')').ToString();
}
