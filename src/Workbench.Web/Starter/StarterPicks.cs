using Workbench.Learning;

namespace Workbench.Web.Starter;

/// <summary>Seeded choices: the same seed gives the same world on any machine.</summary>
internal static class StarterPicks
{
    public static T Pick<T>(this SplitMix64 random, IReadOnlyList<T> from) => from[(int)random.Below((ulong)from.Count)];

    /// <summary>A copy in random order (Fisher and Yates).</summary>
    public static T[] Shuffled<T>(this SplitMix64 random, IReadOnlyList<T> items)
    {
        T[] order = [.. items];
        for (var i = order.Length - 1; i > 0; i--)
        {
            var j = (int)random.Below((ulong)i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }
}
