using System.Runtime.InteropServices;

namespace Workbench.Torch.Interop;

/// <summary>Random numbers. Native/src/random.cpp holds the other side.</summary>
internal static partial class Native
{
    [LibraryImport(Library.Name)]
    public static partial Status wb_rand(
        ReadOnlySpan<long> sizes, int count, nint generator, in TensorPlace place, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_randn(
        ReadOnlySpan<long> sizes, int count, nint generator, in TensorPlace place, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_randint(
        long low, long high, ReadOnlySpan<long> sizes, int count, nint generator, in TensorPlace place, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_randperm(long n, nint generator, in TensorPlace place, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_rand_like(TensorHandle self, in TensorPlace place, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_randn_like(TensorHandle self, in TensorPlace place, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_normal_(TensorHandle self, double mean, double std, nint generator);

    [LibraryImport(Library.Name)]
    public static partial Status wb_uniform_(TensorHandle self, double from, double to, nint generator);

    [LibraryImport(Library.Name)]
    public static partial Status wb_bernoulli(TensorHandle self, nint generator, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_multinomial(
        TensorHandle self, long numSamples, [MarshalAs(UnmanagedType.U1)] bool replacement, nint generator, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_generator_new(int deviceType, int deviceIndex, long seed, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_generator_default(int deviceType, int deviceIndex, out nint result);

    [LibraryImport(Library.Name)]
    public static partial void wb_generator_free(nint generator);

    [LibraryImport(Library.Name)]
    public static partial Status wb_generator_manual_seed(nint generator, long seed);

    [LibraryImport(Library.Name)]
    public static partial Status wb_generator_initial_seed(nint generator, out long seed);

    [LibraryImport(Library.Name)]
    public static partial Status wb_generator_get_state(nint generator, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_generator_set_state(nint generator, TensorHandle state);

    [LibraryImport(Library.Name)]
    public static partial Status wb_manual_seed(long seed);
}
