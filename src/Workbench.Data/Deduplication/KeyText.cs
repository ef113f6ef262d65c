using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Workbench.Data.Deduplication;

/// <summary>Characters gathered to be hashed, in a buffer that is used again. For one thread.</summary>
internal sealed class KeyText
{
    private char[] buffer = new char[4096];
    private int length;

    public KeyText Append(ReadOnlySpan<char> text)
    {
        text.CopyTo(Room(text.Length));
        length += text.Length;
        return this;
    }

    public KeyText Append(char character) => Append([character]);

    /// <summary>Lower-cased, each run of white space one space, none at the ends.</summary>
    public KeyText AppendNormalized(ReadOnlySpan<char> text)
    {
        var lower = Room(text.Length)[..text.ToLowerInvariant(Room(text.Length))];
        var (end, gap) = (0, false);
        foreach (var character in lower)
        {
            if (char.IsWhiteSpace(character))
            {
                gap = end > 0;
                continue;
            }

            if (gap)
            {
                lower[end++] = ' '; // never ahead of what is read: the gap was at least one character
                gap = false;
            }

            lower[end++] = character;
        }

        length += end;
        return this;
    }

    /// <summary>The hash of what was gathered, and an empty buffer.</summary>
    public UInt128 Take()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(buffer.AsSpan(0, length)), hash);
        length = 0;
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    private Span<char> Room(int more)
    {
        if (buffer.Length - length < more)
        {
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + more));
        }

        return buffer.AsSpan(length);
    }
}
