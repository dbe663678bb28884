namespace MailPlugin.Http.Pipeline;

/// <summary>Where the plugin is mounted in this host: a feature of every request that the branch handles.</summary>
internal interface IMountPoint
{
    /// <summary>Full path of the API as the server receives it, such as <c>/api/mail</c>.</summary>
    string BasePath { get; }

    /// <summary>Full path of the page with a trailing slash, such as <c>/mail/</c>.</summary>
    string PagePath { get; }
}
