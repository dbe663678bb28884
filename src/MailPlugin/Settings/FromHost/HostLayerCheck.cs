using MailPlugin.Http.Binding;
using MailPlugin.Options;
using MailPlugin.Settings.Reading;

namespace MailPlugin.Settings.FromHost;

/// <summary>Holds a layer's values to the rules of the API. What is missing is no fault here: the stored settings may have it.</summary>
internal static class HostLayerCheck
{
    /// <exception cref="InvalidOptionException">A value breaks a rule.</exception>
    public static HostLayer Of(HostLayer layer)
    {
        var faults = new Faults();
        var settings = SettingsReader.Read(layer.Draft, faults);
        var errors = faults.ToErrors();
        foreach (var (path, messages) in errors)
        {
            if (layer.Values.FirstOrDefault(value => IsAt(value, path, settings)) is { } wrong)
            {
                throw new InvalidOptionException(wrong.Key, messages[0]);
            }

            if (!path.Contains('.', StringComparison.Ordinal))
            {
                throw new InvalidOptionException($"Settings:{path}", messages[0]);
            }
        }

        return new()
        {
            Draft = layer.Draft,
            Values = layer.Values,
            Order = layer.Order,
            Files = layer.Files,
            Complete = settings.Transports.Select(transport => transport.Id)
                .Where(id => !errors.Keys.Any(path => path.StartsWith($"transports[id={id}]", StringComparison.Ordinal))).ToHashSet(StringComparer.Ordinal),
        };
    }

    /// <summary>A fault of the value itself, or of the block that it stands in: a block of another mode, for instance.</summary>
    static bool IsAt(HostValue value, string path, MailSettings settings) =>
        value.PathIn(settings) is { } own && (own == path || own.StartsWith(path + ".", StringComparison.Ordinal));
}
