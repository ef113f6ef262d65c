using System.Text;

namespace Workbench.Web.Jobs;

/// <summary>Reads what is added to a file that another process appends to, whole lines only.</summary>
internal sealed class LineTail(string path, bool fromEnd = false)
{
    /// <summary>The most that one reading returns, so that a file of a long run is taken in portions.</summary>
    private const int Portion = 1 << 20;

    private long position = fromEnd && File.Exists(path) ? new FileInfo(path).Length : 0;
    private long next;

    /// <summary>
    /// The lines (with their ends) from the position on; empty when there are none. The same lines come again until
    /// <see cref="Advance"/> says that they are dealt with.
    /// </summary>
    public string Read()
    {
        next = position;
        var file = new FileInfo(path);
        if (!file.Exists || file.Length <= position)
        {
            return "";
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Position = position;
        var bytes = new byte[Math.Min(Portion, stream.Length - position)];
        var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        var whole = bytes.AsSpan(0, read).LastIndexOf((byte)'\n') + 1;
        if (whole == 0 && read == Portion)
        {
            whole = read; // one endless line: better in pieces than never
        }

        next = position + whole;
        return Encoding.UTF8.GetString(bytes, 0, whole);
    }

    /// <summary>Moves behind what was read last.</summary>
    public void Advance() => position = next;
}
