namespace Workbench.Torch.Kernels;

/// <summary>Seconds that the process has spent in its kernels on the CPU, by part; a part within another counts for itself alone.</summary>
/// <param name="Products">matrix products, those of the loss included, those inside attention not</param>
/// <param name="Attention">scores, softmax and their products, which are made a block at a time</param>
/// <param name="Loss">softmax of the last layer</param>
/// <param name="Norms">RMSNorm</param>
/// <param name="Activations">SwiGLU</param>
/// <param name="Rotary">rotary embedding</param>
/// <param name="Rounding">factors of products to bfloat16</param>
/// <param name="Dropout">of an adapter's input</param>
/// <param name="Optimizer">AdamW</param>
public sealed partial record KernelTimes(
    double Products, double Attention, double Loss, double Norms, double Activations, double Rotary, double Rounding, double Dropout,
    double Optimizer)
{
    /// <summary>The figures now; all zero where the kernels are not there.</summary>
    public static KernelTimes Read()
    {
        Span<double> seconds = stackalloc double[9]; // in the order of kernels::Part
        TryRead(seconds);
        return new KernelTimes(seconds[0], seconds[1], seconds[2], seconds[3], seconds[4], seconds[5], seconds[6], seconds[7], seconds[8]);
    }

    static partial void TryRead(Span<double> seconds);

    /// <summary>Both together.</summary>
    public static KernelTimes operator +(KernelTimes left, KernelTimes right) => Combine(left, right, 1);

    /// <summary>What was spent between two readings.</summary>
    public static KernelTimes operator -(KernelTimes later, KernelTimes earlier) => Combine(later, earlier, -1);

    /// <summary>The shares of a time, by part, and the rest of it as <c>other</c>.</summary>
    /// <param name="elapsed">the seconds in which these were spent</param>
    public IReadOnlyDictionary<string, double> SharesOf(double elapsed)
    {
        var shares = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["products"] = Products / elapsed, ["attention"] = Attention / elapsed, ["loss"] = Loss / elapsed, ["norms"] = Norms / elapsed,
            ["activations"] = Activations / elapsed, ["rotary"] = Rotary / elapsed, ["rounding"] = Rounding / elapsed, ["dropout"] = Dropout / elapsed,
            ["optimizer"] = Optimizer / elapsed,
        };
        shares["other"] = 1 - shares.Values.Sum();
        return shares;
    }

    private static KernelTimes Combine(KernelTimes a, KernelTimes b, int sign) => new(
        a.Products + (sign * b.Products), a.Attention + (sign * b.Attention), a.Loss + (sign * b.Loss), a.Norms + (sign * b.Norms),
        a.Activations + (sign * b.Activations), a.Rotary + (sign * b.Rotary), a.Rounding + (sign * b.Rounding),
        a.Dropout + (sign * b.Dropout), a.Optimizer + (sign * b.Optimizer));
}
