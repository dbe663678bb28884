using MailPlugin.Http;

namespace MailPlugin.Templates;

/// <summary>What is known of a template beside its texts.</summary>
internal sealed record TemplateAbout
{
    public static TemplateAbout Nothing { get; } = new();

    public LocalizedText? Title { get; init; }

    /// <summary>What a submission may bring; null: nobody declared it, so that it is inferred.</summary>
    public IReadOnlyList<TemplateVariable>? Variables { get; init; }

    public IReadOnlyDictionary<string, object?>? Sample { get; init; }

    /// <summary>What is different in the sample of a locale.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, object?>> Samples { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, object?>>();

    /// <summary>Whether the content of sent mails is kept unless an administrator decides otherwise: links that open an account are not. Null: nobody said.</summary>
    public bool? KeepContent { get; init; }

    /// <summary>With what an override leaves unsaid: it brings texts, and so their variables, and its mails are as private as before.</summary>
    public TemplateAbout Over(TemplateAbout below) => this with
    {
        Title = Title ?? below.Title,
        Sample = Sample ?? below.Sample,
        Samples = Sample is null ? below.Samples : Samples,
        KeepContent = KeepContent ?? below.KeepContent,
    };

    public IReadOnlyDictionary<string, object?> SampleFor(LocaleTag locale)
    {
        var sample = new Dictionary<string, object?>(Sample ?? new Dictionary<string, object?>(), StringComparer.Ordinal);
        foreach (var (name, value) in Samples.GetValueOrDefault(locale.Text) ?? new Dictionary<string, object?>())
        {
            sample[name] = value;
        }

        return sample;
    }
}

/// <param name="Name">Path below the model.</param>
/// <param name="Required">A submission without it is refused.</param>
internal sealed record TemplateVariable(string Name, bool Required, LocalizedText? Description);
