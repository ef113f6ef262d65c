using Workbench.Learning;

namespace Workbench.Web.Starter;

/// <summary>
/// Sums of two two-digit numbers, written with their way: tens, then ones, then both. A small model learns the way from a part of all
/// sums and goes it for the others; anyone can check the answer.
/// </summary>
internal static class StarterSums
{
    private static readonly string[] Requests =
    [
        "What is {a} + {b}?", "Add {a} and {b}.", "How much is {a} plus {b}?", "{a} 加 {b} 等于多少？", "请计算 {a} + {b}。", "{a} 与 {b} 的和是多少？",
    ];

    /// <summary>Four sums, one a line.</summary>
    public static string Text(SplitMix64 random) => string.Join('\n', Enumerable.Range(0, 4).Select(_ => Line(Draw(random, heldOut: false))));

    /// <summary>A question after a sum; held-out sums stand in no text and no other row.</summary>
    public static StarterConversation Ask(SplitMix64 random, bool heldOut)
    {
        var sum = Draw(random, heldOut);
        var request = random.Pick(Requests).Replace("{a}", $"{sum.A}", StringComparison.Ordinal).Replace("{b}", $"{sum.B}", StringComparison.Ordinal);
        return new(StarterPart.Sums, request, Line(sum), [$"= {sum.A + sum.B}"]);
    }

    private static (int A, int B) Draw(SplitMix64 random, bool heldOut)
    {
        while (true)
        {
            var (a, b) = (10 + (int)random.Below(90), 10 + (int)random.Below(90));
            if (heldOut ? IsHeldOut(a, b) && !IsOnTheWay(a, b) : !IsHeldOut(a, b))
            {
                return (a, b);
            }
        }
    }

    /// <summary>One sum in ten, both orders of its numbers alike.</summary>
    public static bool IsHeldOut(int a, int b) => new SplitMix64((ulong)((Math.Min(a, b) * 100) + Math.Max(a, b))).Below(10) == 0;

    /// <summary>Such a sum is the middle of another one, and so in the texts all the same.</summary>
    private static bool IsOnTheWay(int a, int b) => a % 10 == 0 || b % 10 == 0;

    private static string Line((int A, int B) sum)
    {
        var tens = ((sum.A / 10) + (sum.B / 10)) * 10;
        var ones = (sum.A % 10) + (sum.B % 10);
        return $"{sum.A} + {sum.B} = {tens} + {ones} = {sum.A + sum.B}";
    }
}
