namespace MailPlugin.Templates.Rendering;

/// <summary>A part that can be rendered.</summary>
internal sealed class CompiledPart(Action<TextWriter, ModelMap, ModelMap> render)
{
    /// <exception cref="RenderLimitException">It ran over its budget.</exception>
    /// <exception cref="TemplateRefusedException">The engine failed.</exception>
    public string Render(ModelMap model, ModelMap brand, RenderState state)
    {
        using var writer = new BoundedWriter(state.Budget);
        var data = new ModelMap(new Dictionary<string, object?> { ["brand"] = brand, ["state"] = state }, null);
        try
        {
            render(writer, model, data);
        }
        catch (Exception fault)
        {
            throw Limit(fault) ?? (Exception)new TemplateRefusedException(fault);
        }

        return writer.ToString();
    }

    /// <summary>The engine wraps what comes out of helpers.</summary>
    static RenderLimitException? Limit(Exception? fault)
    {
        while (fault is not (null or RenderLimitException))
        {
            fault = fault.InnerException;
        }

        return (RenderLimitException?)fault;
    }
}

/// <summary>The engine failed with a template that the scanner let pass.</summary>
internal sealed class TemplateRefusedException(Exception cause) : Exception("The template engine failed.", cause);
