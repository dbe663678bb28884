namespace MailPlugin.Transports.Programs;

/// <summary>What an address must not be in order to stand among a program's arguments. All of it was valid when it was submitted; this is the last look.</summary>
internal static class ProgramAddress
{
    /// <returns>What stands against it, as a relay would have said it; null when nothing does.</returns>
    public static TransportReply? Refuse(string address, bool isSender)
    {
        var status = isSender ? "5.1.7" : "5.1.3";
        return address.StartsWith('-') ? new(553, status, $"{status} not handed over: a program could take {PlainText.Clip(PlainText.Lines(address), 80)} for an option")
            : address.Any(char.IsControl) ? new(553, status, $"{status} not handed over: the address has control characters")
            : null;
    }
}
