namespace FixtureLibrary;

/// <summary>The library as it was: the second version has another type and no <c>Old</c>.</summary>
public static class Library
{
    public static string Old() => "one";
}
