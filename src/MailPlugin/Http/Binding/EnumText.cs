using System.Text.Json;

namespace MailPlugin.Http.Binding;

/// <summary>Enums as the API writes them: camelCase, exact.</summary>
internal static class EnumText
{
    public static string Of<T>(T value)
        where T : struct, Enum => Names<T>.ByValue[value];

    public static bool TryParse<T>(string text, out T value)
        where T : struct, Enum => Names<T>.ByText.TryGetValue(text, out value);

    public static string List<T>()
        where T : struct, Enum => string.Join(", ", Names<T>.ByText.Keys);

    static class Names<T>
        where T : struct, Enum
    {
        public static readonly Dictionary<T, string> ByValue =
            Enum.GetValues<T>().ToDictionary(value => value, value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()));

        public static readonly Dictionary<string, T> ByText =
            ByValue.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
    }
}
