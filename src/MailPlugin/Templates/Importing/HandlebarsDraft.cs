using System.Net;
using System.Text;
using MailPlugin.Templates.Scanning;

namespace MailPlugin.Templates.Importing;

/// <summary>Puts a template's source together so that words and tags do not run into each other.</summary>
internal sealed class HandlebarsDraft(bool isHtml)
{
    readonly StringBuilder _text = new();
    bool _behindTag;

    /// <param name="words">Text, or markup.</param>
    /// <param name="encodes">Whether they are text that becomes markup.</param>
    public void Words(string words, bool encodes)
    {
        if (words.Length == 0)
        {
            return;
        }

        var safe = isHtml && encodes ? WebUtility.HtmlEncode(words) : words;

        // Two braces would begin a tag, one directly behind a tag would belong to it.
        safe = safe.Replace("{{", "{ {", StringComparison.Ordinal).Replace("{{", "{ {", StringComparison.Ordinal);
        var opens = _text.Length > 0 && _text[^1] == '{' && safe[0] == '{';
        _text.Append(opens || (_behindTag && safe[0] == '}') ? " " : "").Append(safe);
        _behindTag = false;
    }

    public void Tag(string inside)
    {
        if (_text.Length > 0 && _text[^1] is '{' or '\\')
        {
            _text.Append(' ');
        }

        _text.Append("{{").Append(inside).Append("}}");
        _behindTag = true;
    }

    public override string ToString() => _text.ToString();

    /// <summary>A path as a tag can name it.</summary>
    public static string PathOf(string path)
    {
        var steps = path.Split('.').Select(Step).ToArray();
        return steps.Length == 1 && HelperRule.Find(steps[0]) is not null ? "this." + steps[0] : string.Join('.', steps);
    }

    static string Step(string name)
    {
        var clean = new string([.. name.Select(letter => char.IsLetterOrDigit(letter) || letter is '_' or '-' or ' ' or ':' ? letter : '_')]);
        return clean.Length == 0 ? "_" : char.IsLetter(clean[0]) && clean.All(letter => letter is not (' ' or ':')) && clean is not ("this" or "true" or "false" or "null" or "undefined" or "else" or "as") ? clean : $"[{clean}]";
    }
}
