using MailPlugin.Tests.Http.OpenApi;

namespace MailPlugin.Tests.Fixtures;

/// <summary>Holds an answer to its status and to the API's description.</summary>
internal static class Described
{
    public static async Task<Answer> AsAsync(this Task<Answer> asked, string method, string path, int status)
    {
        var answer = await asked;
        Assert.True(answer.Status == status, $"{method} {path}: {answer.Status}, not {status}: {answer.Text}");
        TheDocument.Answers.Check(method, "/" + path, status, answer.Text);
        return answer;
    }
}
