namespace Workbench.Learning;

/// <summary>
/// A random generator with one number of state (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators",
/// 2014). Own code, because a seed must give the same rows and the same samples with every version of .NET.
/// </summary>
public sealed class SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 up to, not including, <paramref name="bound"/>, without bias (Lemire's method with rejection).</summary>
    public ulong Below(ulong bound)
    {
        var threshold = (0 - bound) % bound;
        while (true)
        {
            var high = Math.BigMul(Next(), bound, out var low);
            if (low >= threshold)
            {
                return high;
            }
        }
    }

    /// <summary>A number from 0 up to, not including, 1, with 53 random bits.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));
}
