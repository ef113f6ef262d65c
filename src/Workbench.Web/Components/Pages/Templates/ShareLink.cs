using System.Buffers.Text;
using System.IO.Compression;
using System.Text.Json;
using Workbench.Web.Services;

namespace Workbench.Web.Components.Pages.Templates;

/// <summary>The page's whole state in an address: JSON, compressed, in the fragment, which no browser sends to a server.</summary>
public static class ShareLink
{
    /// <summary>Longest fragment made or read; chats and mail programs break longer addresses.</summary>
    public const int MaxLength = 60_000;

    /// <summary>What a fragment may unpack to.</summary>
    public const int MaxUnpacked = 4 * 1024 * 1024;

    private const string Prefix = "s1=";

    /// <summary>The fragment, without its #.</summary>
    /// <exception cref="UserInputException">The state is too large for a link.</exception>
    public static string Encode(WorkspaceState state)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            JsonSerializer.Serialize(deflate, state);
        }

        var fragment = Prefix + Base64Url.EncodeToString(packed.GetBuffer().AsSpan(0, (int)packed.Length));
        return fragment.Length <= MaxLength
            ? fragment
            : throw new UserInputException(
                $"This page's state needs {fragment.Length:N0} characters, too many for a link.", $"Share the template as a file, or keep the conversation shorter; {MaxLength:N0} fit.");
    }

    /// <summary>The state of an address; null for an address that carries none.</summary>
    /// <exception cref="UserInputException">The link is damaged or too large.</exception>
    public static WorkspaceState? Decode(string address)
    {
        var hash = address.IndexOf('#', StringComparison.Ordinal);
        if (hash < 0 || !address.AsSpan(hash + 1).StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var text = address[(hash + 1 + Prefix.Length)..];
        if (text.Length > MaxLength)
        {
            throw Damaged(null);
        }

        try
        {
            using var deflate = new DeflateStream(new MemoryStream(Base64Url.DecodeFromChars(text)), CompressionMode.Decompress);
            var unpacked = new byte[MaxUnpacked];
            var count = deflate.ReadAtLeast(unpacked, MaxUnpacked, throwOnEndOfStream: false);
            if (count == MaxUnpacked)
            {
                throw Damaged(null);
            }

            var state = JsonSerializer.Deserialize<WorkspaceState>(unpacked.AsSpan(0, count)) ?? throw Damaged(null);
            return state.IsWhole ? state : throw Damaged(null);
        }
        catch (Exception exception) when (exception is FormatException or InvalidDataException or JsonException)
        {
            throw Damaged(exception);
        }
    }

    private static UserInputException Damaged(Exception? inner) =>
        new("This link carries no state that can be read.", "It may have been cut; copy it again from the page that made it.", "the address", inner);
}
