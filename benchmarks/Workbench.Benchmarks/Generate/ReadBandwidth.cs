using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Workbench.Benchmarks.Generate;

/// <summary>How fast all cores together read memory that no cache holds: the limit of generating one answer.</summary>
internal static class ReadBandwidth
{
    private const int Words = 1 << 27; // 512 MiB

    /// <summary>Bytes per second, the best of a few passes.</summary>
    public static double Measure()
    {
        var memory = new int[Words];
        Array.Fill(memory, 1);
        var threads = Environment.ProcessorCount;
        var sums = new long[threads];
        double best = 0;
        for (var pass = 0; pass < 8; pass++)
        {
            var clock = Stopwatch.StartNew();
            Parallel.For(0, threads, thread =>
            {
                var (from, to) = ((long)Words * thread / threads, (long)Words * (thread + 1) / threads);
                sums[thread] = Sum(memory.AsSpan((int)from, (int)(to - from)));
            });
            best = Math.Max(best, (double)Words * sizeof(int) / clock.Elapsed.TotalSeconds);
        }

        return sums.Sum() == Words ? best : throw new InvalidOperationException("The memory does not hold what was written.");
    }

    private static long Sum(ReadOnlySpan<int> numbers)
    {
        var vectors = MemoryMarshal.Cast<int, Vector<int>>(numbers);
        var (a, b) = (Vector<int>.Zero, Vector<int>.Zero);
        ref var first = ref MemoryMarshal.GetReference(vectors);
        var i = 0;
        for (; i + 2 <= vectors.Length; i += 2)
        {
            Prefetch(ref Unsafe.Add(ref first, i));
            a += Unsafe.Add(ref first, i);
            b += Unsafe.Add(ref first, i + 1);
        }

        long sum = Vector.Sum(a + b);
        for (var rest = i * Vector<int>.Count; rest < numbers.Length; rest++)
        {
            sum += numbers[rest];
        }

        return sum;
    }

    /// <summary>Asks for what lies a page further on: without it, two cores read a third less.</summary>
    private static unsafe void Prefetch(ref Vector<int> place)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0((byte*)Unsafe.AsPointer(ref place) + 4096);
        }
    }
}
