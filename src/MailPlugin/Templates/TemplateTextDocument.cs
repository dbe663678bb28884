using System.Text.Json.Nodes;

namespace MailPlugin.Templates;

internal static class TemplateTextDocument
{
    public static JsonObject Write(TemplateText text) => new() { ["subject"] = text.Subject, ["text"] = text.Text, ["html"] = text.Html };
}
