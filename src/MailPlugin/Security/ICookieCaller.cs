namespace MailPlugin.Security;

/// <summary>A caller whom the browser's own cookies vouch for: what changes something must carry a token that another site cannot read.</summary>
internal interface ICookieCaller
{
    /// <summary>For the page, to be sent back as X-CSRF-Token.</summary>
    string CsrfToken { get; }

    /// <summary>Whether this token belongs to the caller.</summary>
    bool Accepts(string token);
}
