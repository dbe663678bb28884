using System.Diagnostics;

namespace MailPlugin.Smtp.Tests.Mime;

/// <summary>A fact that needs Debian's Python with its email and dkim modules. Skipped where they are missing, unless the run demands them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonFactAttribute : FactAttribute
{
    static readonly bool IsHere = IsThere();

    public PythonFactAttribute()
    {
        if (!IsHere && Environment.GetEnvironmentVariable("MAILPLUGIN_REQUIRE_SERVERS") != "1")
        {
            Skip = $"{PythonReader.Program} with its dkim module is not installed";
        }
    }

    static bool IsThere()
    {
        if (!File.Exists(PythonReader.Program))
        {
            return false;
        }

        using var python = Process.Start(new ProcessStartInfo(PythonReader.Program, ["-c", "import dkim"]) { RedirectStandardError = true })!;
        return python.WaitForExit(TimeSpan.FromSeconds(20)) && python.ExitCode == 0;
    }
}
