using System.Globalization;
using MailPlugin.Http.Paging;
using MailPlugin.Http.Problems;
using MailPlugin.Settings.Store;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Settings.Versions;

/// <summary><c>GET /settings/versions</c>: who saved when, newest first.</summary>
internal static class ListVersions
{
    public static async Task<IResult> HandleAsync(HttpContext context, ISettingsStore store)
    {
        var page = PageRequest.Read(context, "settings/versions");
        if (page.Problem is not null)
        {
            return page.Problem;
        }

        int? before = null;
        if (page.Position is { } position)
        {
            if (VersionNumber.Parse(position.Id) is not { } version)
            {
                return Problem.Of("invalid-cursor");
            }

            before = version;
        }

        var versions = await store.ListAsync(before, page.Limit + 1, context.RequestAborted);
        return page.Answer(versions, version => new(version.UpdatedAt, version.Version.ToString(CultureInfo.InvariantCulture)));
    }
}
