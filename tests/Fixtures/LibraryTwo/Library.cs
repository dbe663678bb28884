namespace FixtureLibrary;

/// <summary>The library as it became: what the first version calls is gone.</summary>
public static class Library
{
    public static string New() => "two";
}
