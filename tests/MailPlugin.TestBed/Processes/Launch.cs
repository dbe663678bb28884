namespace MailPlugin.TestBed;

/// <summary>A port that was free may be taken when the server opens it: then the whole start is tried again with others.</summary>
static class Launch
{
    const int Attempts = 4;

    /// <summary>Tries until there is a server; the last problem is the error.</summary>
    public static async Task<T> StartAsync<T>(Server kind, Func<Task<(T? Server, string Problem)>> attempt)
        where T : class
    {
        Requirement.Demand(kind);
        for (var count = 1; ; count++)
        {
            var (server, problem) = await attempt();
            if (server is not null)
            {
                return server;
            }

            if (count == Attempts)
            {
                throw new InvalidOperationException($"{kind} did not start: {problem}");
            }
        }
    }
}
