using System.Text;

namespace Workbench.Data.Rewards.Sandbox;

/// <summary>The last characters that a program writes to its streams, however much that is and whether it ends its lines or not.</summary>
internal sealed class OutputTail(int characters)
{
    private readonly StringBuilder text = new();

    /// <summary>Reads a stream to its end.</summary>
    public async Task ReadAsync(TextReader stream)
    {
        var buffer = new char[4096];
        while (await stream.ReadAsync(buffer) is var read and > 0)
        {
            lock (text)
            {
                text.Append(buffer, 0, read);
                if (text.Length > 2 * characters)
                {
                    text.Remove(0, text.Length - characters);
                }
            }
        }
    }

    public override string ToString()
    {
        lock (text)
        {
            return text.ToString(Math.Max(0, text.Length - characters), Math.Min(characters, text.Length));
        }
    }
}
