namespace MailPlugin.Security.Secrets;

/// <summary>A value that cannot be printed by accident: <see cref="ToString"/> says <c>***</c>, serializers find nothing.</summary>
internal sealed class Secret(string value) : IEquatable<Secret>
{
    readonly string _value = value;

    /// <summary>The value itself. Only what hands it to a relay or protects it for the disk calls this.</summary>
    public string Reveal() => _value;

    public override string ToString() => "***";

    public bool Equals(Secret? other) => other is not null && string.Equals(_value, other._value, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as Secret);

    public override int GetHashCode() => _value.GetHashCode(StringComparison.Ordinal);
}
