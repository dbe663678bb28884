using MailPlugin.Abstractions;
using Microsoft.Extensions.DependencyInjection;

namespace InvoicePlugin;

/// <summary>A plugin that sends mail and brings the words for it. It knows the contract alone, and nothing of who sends.</summary>
public sealed class Entry : IHostPlugin
{
    public void ConfigureServices(IServiceCollection services, HostPluginContext context) => services.AddSingleton<IMailTemplateSource, InvoiceMails>();
}

internal sealed class InvoiceMails : IMailTemplateSource
{
    public IEnumerable<MailTemplate> Templates =>
    [
        new("invoice", "en", "Invoice {{number}}", null, "<h1>Invoice {{number}}</h1>{{#each lines}}<p>{{name}}: {{formatNumber amount 2}}</p>{{/each}}{{button link \"Pay\"}}")
        {
            Required = ["number", "link"],
            Sample = """{ "number": "2026-7", "link": "https://shop.example/7", "lines": [{ "name": "Paper", "amount": 12.5 }] }""",
            KeepContent = false,
        },
        new("invoice", "zh-CN", "账单 {{number}}", "账单 {{number}}：{{link}}", null) { Sample = """{ "number": "2026-7", "link": "https://shop.example/7" }""" },
        new("password-reset", "en", "A new password for the shop", "Here: {{link}}", null),
        new("broken", "en", "Broken", "{{#each lines}}", null),
    ];
}
