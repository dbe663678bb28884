using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MailPlugin.Messages;

internal static class MessagesSlice
{
    public static void Add(IServiceCollection services) => services.TryAddSingleton(new MessageTerms(TimeSpan.FromDays(5)));
}
