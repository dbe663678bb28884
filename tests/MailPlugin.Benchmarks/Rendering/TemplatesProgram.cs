using System.Text;
using HandlebarsDotNet;
using MailPlugin.Http.Binding;
using MailPlugin.Templates;
using MailPlugin.Templates.Catalog;
using MailPlugin.Templates.Rendering;

namespace MailPlugin.Benchmarks;

/// <summary>Rendering cached templates, with all that keeps a template within its limits, against calls of the bare engine with the same sources and values, in turns.</summary>
internal static class TemplatesProgram
{
    const string Subject = "Order {{number}}: {{customer.name}}, it is on its way";
    const string Text = "Hello {{customer.name}},\n\nyour order {{number}} is on its way.\n\n{{#each lines}}- {{count}} x {{title}}: {{price}}\n{{/each}}\n{{#if note}}{{note}}\n{{/if}}";

    static readonly LocaleTag English = LocaleTag.Default;

    public static void Run(Effort effort)
    {
        var rounds = effort.Rounds * 3;
        var turn = TimeSpan.FromMilliseconds(Math.Max(50, 400 * effort.Scale));
        var (html, model) = (Html(), Model());
        var workshop = new TemplateWorkshop();
        var template = workshop.Prepare(new TemplateText(Subject, Text, html)).Template!;
        var renderer = new TemplateRenderer(TimeProvider.System);
        var order = RenderOrder.For(English, English, model, "Example");
        var (none, brand) = (new Faults(), new ModelMap(new Dictionary<string, object?>(), null));

        var engine = Handlebars.Create();
        var plain = Handlebars.Create(new HandlebarsConfiguration { NoEscape = true });
        var bareHtml = engine.Compile(html);
        HandlebarsTemplate<object, object> bareSubject = plain.Compile(Subject), bareText = plain.Compile(Text);
        HandlebarsTemplate<object, object> barePage = engine.Compile(workshop.StandardLayout.HtmlFrame), bareWhole = plain.Compile(workshop.StandardLayout.TextFrame);
        var data = new { brand = new Dictionary<string, object?> { ["name"] = "Example", ["color"] = "#2457d6" } };

        Action bare = () => bareHtml(model);
        Action ours = () =>
        {
            var budget = new RenderBudget(TimeProvider.System, RenderLimits.Standard);
            template.Html!.Render(ModelConversion.Convert(model, budget, none), brand, new RenderState(budget, order.Culture, workshop.StandardLayout.Colors));
        };
        Action bareMail = () =>
        {
            var frame = new Dictionary<string, object?> { ["subject"] = bareSubject(model), ["lang"] = "en", ["dir"] = "ltr", ["summary"] = "Hello", ["body"] = bareText(model) };
            bareWhole(frame, data);
            frame["body"] = bareHtml(model);
            barePage(frame, data);
        };
        Action mail = () => renderer.Render(template, workshop.StandardLayout, order, none);
        Check(bareHtml(model), renderer, template, workshop.StandardLayout, order);
        Action[] all = [bare, ours, bareMail, mail];
        Array.ForEach(all, action => Turn.Measure(action, turn));

        var samples = all.Select(_ => (Rate: new Samples(), Bytes: new Samples())).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < all.Length; i++)
            {
                var (rate, bytes) = Turn.Measure(all[i], turn);
                samples[i].Rate.Add(rate);
                samples[i].Bytes.Add(bytes);
            }
        }

        var report = new Report("Templates", rounds);
        report.Add("", $"bare Handlebars.Net, HTML of {Encoding.UTF8.GetByteCount(html):N0} bytes", "per CPU second", samples[0].Rate);
        report.Add("", "the same template here, its model taken over", "per CPU second", samples[1].Rate);
        report.Add("", "here / bare", "ratio", samples[1].Rate.Over(samples[0].Rate), ">= 0.5");
        report.Add("", "bare Handlebars.Net, subject, text, HTML and both frames", "per CPU second", samples[2].Rate);
        report.Add("", "the whole mail here", "per CPU second", samples[3].Rate);
        report.Add("", "whole mail here / bare", "ratio", samples[3].Rate.Over(samples[2].Rate), ">= 0.5");
        report.Add("", "bare, allocated for the HTML", "bytes", samples[0].Bytes);
        report.Add("", "here, allocated for the HTML", "bytes", samples[1].Bytes);
        report.Add("", "bare, allocated for the mail", "bytes", samples[2].Bytes);
        report.Add("", "here, allocated for the mail", "bytes", samples[3].Bytes);
        report.Print(Console.Out);
    }

    /// <summary>What is compared has to say the same.</summary>
    static void Check(string bare, TemplateRenderer renderer, PreparedTemplate template, PreparedLayout layout, RenderOrder order)
    {
        if (renderer.Render(template, layout, order, new Faults()).Mail?.Html?.Contains(bare, StringComparison.Ordinal) != true)
        {
            throw new InvalidOperationException("The two do not render the same.");
        }
    }

    static Dictionary<string, object?> Model() => new()
    {
        ["number"] = "2026-10482",
        ["customer"] = new Dictionary<string, object?> { ["name"] = "Jane Miller-Smith", ["city"] = "Springfield", ["street"] = "1 High Street" },
        ["note"] = "Ring twice & leave it at the door.",
        ["link"] = "https://shop.example/orders/2026-10482?from=mail&day=3",
        ["lines"] = new List<object?>(Enumerable.Range(1, 12).Select(number => new Dictionary<string, object?>
        {
            ["title"] = $"Article number {number} <blue>",
            ["count"] = (long)number,
            ["price"] = $"{number * 7}.90",
            ["isNew"] = number % 3 == 0,
        })),
    };

    /// <summary>Source of 4 KB, as such mails look: markup for the most part, a loop, conditions, some twenty values.</summary>
    static string Html()
    {
        var html = new StringBuilder("""
            <h1 style="margin:0 0 16px;font-size:22px;line-height:30px">Order {{number}}</h1>
            <p style="margin:0 0 16px">Hello {{customer.name}}, your order is on its way to {{customer.street}}, {{customer.city}}.</p>
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
            {{#each lines}}
            <tr><td style="padding:8px 0;border-top:1px solid #dfe3e8">{{@index}}. {{title}}{{#if isNew}} <strong>new</strong>{{/if}}</td><td style="padding:8px 0;text-align:right">{{count}} x {{price}} EUR</td></tr>
            {{else}}
            <tr><td>Nothing.</td></tr>
            {{/each}}
            </table>
            {{#if note}}<p style="margin:0 0 16px;color:#57606a">Your note: {{note}}</p>{{/if}}
            {{#with customer}}<p>{{name}}, {{street}}, {{city}}, order {{../number}}</p>{{/with}}
            <p><a href="{{link}}" style="color:#2457d6">{{link}}</a></p>

            """);
        while (html.Length < 3_900)
        {
            html.Append("<p style=\"margin:0 0 16px;font-size:14px;line-height:20px\">What {{customer.name}} should know of {{number}}: returns are free for thirty days.</p>\n");
        }

        return html.ToString();
    }
}
