using System.Text.Json.Serialization;
using MailPlugin.Abstractions;

namespace MailPlugin.Submission;

internal sealed record ReceiptAnswer(
    string Id, string MessageId, string Status, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason)
{
    public static ReceiptAnswer Of(SubmissionReceipt receipt) => new(receipt.Id, receipt.MessageId, receipt.Status, receipt.Reason);
}
