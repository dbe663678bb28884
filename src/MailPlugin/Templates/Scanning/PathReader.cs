namespace MailPlugin.Templates.Scanning;

/// <summary>Reads what a tag names: <c>name</c>, <c>user.name</c>, <c>items.[0]</c>, <c>../name</c>, <c>this</c>, <c>@index</c>, <c>@root.name</c>.</summary>
internal static class PathReader
{
    public static TemplatePath Read(TagCursor tag)
    {
        var at = tag.Position;
        return tag.Here == '@' ? Data(tag, at) : Model(tag, at);
    }

    static TemplatePath Data(TagCursor tag, int at)
    {
        tag.Position++;
        var data = tag.Name();
        if (data is not ("index" or "key" or "first" or "last" or "root" or "brand"))
        {
            throw new ScanFault(at, ScanMessages.Data);
        }

        var segments = new List<string>();
        if (tag.Here is '.' or '/')
        {
            tag.Position++;
            Segments(tag, segments);
        }

        return new(tag.Since(at), data, 0, segments, IsContext: false);
    }

    static TemplatePath Model(TagCursor tag, int at)
    {
        var up = 0;
        while (tag.Starts("../"))
        {
            tag.Position += 3;
            up++;
        }

        var segments = new List<string>();
        var isContext = false;
        if (tag.Starts(".."))
        {
            tag.Position += 2;
            (up, isContext) = (up + 1, true);
        }
        else if (tag.Starts("./"))
        {
            tag.Position += 2;
            Segments(tag, segments);
        }
        else if (tag.Here == '.')
        {
            tag.Position++;
            isContext = true;
        }
        else
        {
            // [this] is a key, this is not.
            var isKey = tag.Here == '[';
            Segments(tag, segments);
            if (segments[0] == "this" && !isKey)
            {
                segments.RemoveAt(0);
                isContext = segments.Count == 0;
            }
        }

        return new(tag.Since(at), null, up, segments, isContext);
    }

    static void Segments(TagCursor tag, List<string> segments)
    {
        while (true)
        {
            segments.Add(tag.Here == '[' ? Bracket(tag) : tag.Name());
            if (tag.Here is not ('.' or '/') || !(TagCursor.IsNameLetter(tag.Ahead(1)) || tag.Ahead(1) == '['))
            {
                return;
            }

            tag.Position++;
        }
    }

    static string Bracket(TagCursor tag)
    {
        var at = ++tag.Position;
        while (!tag.IsOver && tag.Here != ']')
        {
            if (!TagCursor.IsNameLetter(tag.Here) && tag.Here is not (' ' or ':' or '$' or '@'))
            {
                throw new ScanFault(tag.Position, char.IsControl(tag.Here) || tag.Here == '}' ? ScanMessages.BracketOpen : ScanMessages.Unexpected(tag.Here));
            }

            tag.Position++;
        }

        if (tag.IsOver || tag.Position == at)
        {
            throw new ScanFault(at - 1, ScanMessages.BracketOpen);
        }

        var name = tag.Since(at);
        tag.Position++;
        return name;
    }
}
