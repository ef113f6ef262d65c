using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Workbench.Language.Tokenizers.Models;

/// <summary>
/// Words encoded before. Two places for each hash, the newer one first; a full place is simply overwritten, so the size
/// is bounded, and since entries are immutable and published by one reference write, nobody takes a lock.
/// </summary>
internal sealed class WordCache
{
    /// <summary>Longer words are rare and their entries large: they are not kept.</summary>
    public const int MaxLength = 64;

    private const int Buckets = 1 << 16;

    private readonly Entry?[] _entries = new Entry?[Buckets * 2];

    internal sealed class Entry(string word, int[] ids, byte[] starts, byte[] ends)
    {
        public readonly string Word = word;
        public readonly int[] Ids = ids;
        public readonly byte[] Starts = starts;
        public readonly byte[] Ends = ends;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Entry? Find(ReadOnlySpan<char> word, uint hash)
    {
        var at = (int)(hash & (Buckets - 1)) * 2;
        var entry = Volatile.Read(ref _entries[at]);
        if (entry is not null && word.SequenceEqual(entry.Word))
        {
            return entry;
        }

        entry = Volatile.Read(ref _entries[at + 1]);
        return entry is not null && word.SequenceEqual(entry.Word) ? entry : null;
    }

    public void Keep(Entry entry, uint hash)
    {
        var at = (int)(hash & (Buckets - 1)) * 2;
        Volatile.Write(ref _entries[at + 1], _entries[at]);
        Volatile.Write(ref _entries[at], entry);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Hash(ReadOnlySpan<char> word)
    {
        // Four characters at a time; collisions cost a slower lookup, never a wrong one.
        var hash = (ulong)word.Length * 0x9E3779B97F4A7C15UL;
        var bytes = MemoryMarshal.AsBytes(word);
        while (bytes.Length >= 8)
        {
            hash = (hash ^ MemoryMarshal.Read<ulong>(bytes)) * 0xD6E8FEB86659FD93UL;
            hash ^= hash >> 32;
            bytes = bytes[8..];
        }

        ulong rest = 0;
        foreach (var b in bytes)
        {
            rest = (rest << 8) | b;
        }

        hash = (hash ^ rest) * 0xD6E8FEB86659FD93UL;
        return (uint)(hash >> 40) ^ (uint)(hash >> 16);
    }
}
