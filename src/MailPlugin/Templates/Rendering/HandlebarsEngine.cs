using System.Globalization;
using System.Text;
using HandlebarsDotNet;
using HandlebarsDotNet.Compiler;
using HandlebarsDotNet.Helpers;
using HandlebarsDotNet.IO;
using HandlebarsDotNet.Iterators;
using HandlebarsDotNet.MemberAccessors;
using HandlebarsDotNet.ObjectDescriptors;
using HandlebarsDotNet.PathStructure;
using HandlebarsDotNet.ValueProviders;
using MailPlugin.Templates.Scanning;

namespace MailPlugin.Templates.Rendering;

/// <summary>
/// The one file that knows the template engine. A template reads <see cref="ModelMap"/>, <see cref="ModelList"/>, texts, numbers and booleans; of any other
/// type it sees nothing, and of none a member of .NET.
/// </summary>
internal sealed class HandlebarsEngine
{
    static readonly ChainSegment StateKey = ChainSegment.Create("state");

    static readonly FormatterProvider PlainFormatters = new([new DefaultFormatterProvider(), new Formatters()]);

    readonly IHandlebars _html = Create(isHtml: true);
    readonly IHandlebars _plain = Create(isHtml: false);

    /// <summary>A part made ready to be rendered any number of times, also at the same time.</summary>
    /// <exception cref="TemplateRefusedException">The engine does not take what the scanner let pass.</exception>
    public CompiledPart Compile(ScannedTemplate template, bool isHtml)
    {
        try
        {
            var render = (isHtml ? _html : _plain).Compile(new StringReader(template.Source));
            return new((writer, model, data) => render(writer, model, data));
        }
        catch (HandlebarsException fault)
        {
            throw new TemplateRefusedException(fault);
        }
    }

    static IHandlebars Create(bool isHtml)
    {
        var configuration = new HandlebarsConfiguration { FormatProvider = CultureInfo.InvariantCulture, NoEscape = !isHtml, TextEncoder = isHtml ? new Markup() : new PlainText() };
        configuration.ObjectDescriptorProviders.Add(new Descriptors());
        configuration.FormatterProviders.Add(new Formatters());
        var engine = Handlebars.Create(configuration);
        engine.RegisterHelper("formatDate", (in HelperOptions options, in Context _, in Arguments values) => TemplateHelpers.FormatDate(At(values, 0), At(values, 1), Enter(options).Culture));
        engine.RegisterHelper("formatNumber", (in HelperOptions options, in Context _, in Arguments values) => TemplateHelpers.FormatNumber(At(values, 0), At(values, 1), Enter(options).Culture));
        engine.RegisterHelper("pluralize", (in HelperOptions options, in Context _, in Arguments values) => Entered(options, TemplateHelpers.Pluralize(At(values, 0), At(values, 1), At(values, 2))));
        engine.RegisterHelper("urlEncode", (in HelperOptions options, in Context _, in Arguments values) => Entered(options, TemplateHelpers.UrlEncode(At(values, 0))));
        engine.RegisterHelper("default", (in HelperOptions options, in Context _, in Arguments values) => Entered(options, TemplateHelpers.Default(At(values, 0), At(values, 1))));
        engine.RegisterHelper("eq", (in HelperOptions options, in Context _, in Arguments values) => Entered(options, TemplateHelpers.AreEqual(At(values, 0), At(values, 1))));
        engine.RegisterHelper(HelperRule.OwnLookup, (in HelperOptions options, in Context _, in Arguments values) => Entered(options, TemplateHelpers.Lookup(At(values, 0), At(values, 1))));
        engine.RegisterHelper("button", (in EncodedTextWriter output, in HelperOptions options, in Context _, in Arguments values) => output.WriteSafeString(
            isHtml ? TemplateHelpers.ButtonHtml(At(values, 0), At(values, 1), Enter(options).Colors) : TemplateHelpers.ButtonText(At(values, 0), At(values, 1))));
        engine.RegisterHelper("preheader", (EncodedTextWriter _, BlockHelperOptions options, Context context, Arguments _) => Preheader(options, context));
        return engine;
    }

    /// <summary>What the block writes is kept as plain text; it goes through a bounded writer like everything else.</summary>
    static void Preheader(in BlockHelperOptions options, Context context)
    {
        var state = Enter(options);
        using var text = new BoundedWriter(state.Budget);
        using var output = new EncodedTextWriter(text, new PlainText(), PlainFormatters, true);
        options.Template(output, context);
        state.Preheader ??= text.ToString();
    }

    static RenderState Enter<T>(in T options)
        where T : struct, IHelperOptions
    {
        var state = (RenderState)options.Data[StateKey]!;
        state.Budget.Step();
        return state;
    }

    static TValue Entered<TOptions, TValue>(in TOptions options, TValue value)
        where TOptions : struct, IHelperOptions
    {
        Enter(options);
        return value;
    }

    /// <summary>A helper's value; null when it is absent in the tag or in the model.</summary>
    static object? At(in Arguments values, int index)
    {
        if (index >= values.Length)
        {
            return null;
        }

        return values[index] switch
        {
            string or bool or int or long or decimal or double or ModelMap or ModelList => values[index],
            _ => null,
        };
    }

    /// <summary>
    /// One for all types, which looks at what it is given: in a loop over values of several kinds the engine asks the descriptor of one about another.
    /// </summary>
    sealed class Descriptors : IObjectDescriptorProvider
    {
        public bool TryGetDescriptor(Type type, out ObjectDescriptor value)
        {
            value = new(type, new Access(), (_, instance) => instance is ModelMap map ? map.Values.Keys : Array.Empty<object>(), _ => new Walker());
            return true;
        }
    }

    sealed class Access : IMemberAccessor
    {
        public bool TryGetValue(object instance, ChainSegment memberName, out object? value)
        {
            value = null;
            switch (instance)
            {
                case ModelMap map:
                    return map.Values.TryGetValue(memberName.TrimmedValue, out value);
                case ModelList list when int.TryParse(memberName.TrimmedValue, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Items.Count:
                    value = list.Items[index];
                    return true;
                default:
                    return false;
            }
        }
    }

    /// <summary>What is no collection is walked as an empty one.</summary>
    sealed class Walker : IIterator
    {
        public void Iterate(in EncodedTextWriter writer, BindingContext context, ChainSegment[] blockParamsVariables, object input, TemplateDelegate template, TemplateDelegate ifEmpty)
        {
            switch (input)
            {
                case ModelList { Items.Count: > 0 } list:
                    Walk(writer, context, blockParamsVariables, list.Items.Count, index => (null, list.Items[index]), list.Budget, template);
                    break;
                case ModelMap { Values.Count: > 0 } map:
                    var pairs = map.Values.ToArray();
                    Walk(writer, context, blockParamsVariables, pairs.Length, index => (pairs[index].Key, pairs[index].Value), map.Budget, template);
                    break;
                default:
                    ifEmpty(writer, context);
                    break;
            }
        }
    }

    static void Walk(
        in EncodedTextWriter writer, BindingContext context, ChainSegment[] names, int count, Func<int, (object? Key, object? Value)> at, RenderBudget? budget, TemplateDelegate template)
    {
        using var frame = context.CreateFrame();
        var values = new IteratorValues(frame);
        var block = new BlockParamsValues(frame, names);
        block.CreateProperty(0, out var valueName);
        block.CreateProperty(1, out var keyName);
        for (var i = 0; i < count; i++)
        {
            budget?.Step();
            object index = i;
            var (name, value) = at(i);
            var key = name ?? index;
            values.First = i == 0;
            values.Last = i == count - 1;
            values.Index = index;
            values.Key = key;
            values.Value = value;
            block[valueName] = value;
            block[keyName] = key;
            frame.Value = value;
            template(writer, frame);
        }
    }

    sealed class Markup : ITextEncoder
    {
        public void Encode(StringBuilder? text, TextWriter target) => Encode(text?.ToString(), target);

        public void Encode(string? text, TextWriter target) => MarkupText.Write(text, target);

        public void Encode<T>(T? text, TextWriter target)
            where T : IEnumerator<char>
        {
            while (text?.MoveNext() == true)
            {
                MarkupText.Write([text.Current], target);
            }
        }
    }

    sealed class PlainText : ITextEncoder
    {
        public void Encode(StringBuilder? text, TextWriter target) => target.Write(text);

        public void Encode(string? text, TextWriter target) => target.Write(text);

        public void Encode<T>(T? text, TextWriter target)
            where T : IEnumerator<char>
        {
            while (text?.MoveNext() == true)
            {
                target.Write(text.Current);
            }
        }
    }

    sealed class Formatters : IFormatterProvider
    {
        public bool TryCreateFormatter(Type type, out IFormatter formatter)
        {
            formatter = (type == typeof(bool) ? new TruthText() : type == typeof(ModelList) || type == typeof(ModelMap) ? new Silence() : null)!;
            return formatter is not null;
        }
    }

    sealed class TruthText : IFormatter
    {
        public void Format<T>(T value, in EncodedTextWriter writer) => writer.Write(value is true ? "true" : "false", false);
    }

    /// <summary>Lists and objects have no text.</summary>
    sealed class Silence : IFormatter
    {
        public void Format<T>(T value, in EncodedTextWriter writer)
        {
        }
    }
}
