using Workbench.Torch.Interop;

namespace TorchSharp;

// Sequences and random tensors.
public static partial class torch
{
    /// <summary>start, start + step, … below stop. Integers make int64, anything else the default floating-point type.</summary>
    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false)
    {
        var type = dtype ?? (start.Type == ScalarType.Float64 || stop.Type == ScalarType.Float64
            || step.Type == ScalarType.Float64
            ? s_defaultType
            : ScalarType.Int64);
        return Tensor.Take(Native.wb_arange(start.value, stop.value, step.value, new TensorPlace(type, device, requires_grad),
            out var result), result);
    }

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false) =>
        arange(start, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    /// <summary>The identity matrix, or as many of its rows and columns.</summary>
    public static Tensor eye(long rows, long columns = -1, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Named(Tensor.Take(Native.wb_eye(rows, columns < 0 ? rows : columns,
            new TensorPlace(dtype ?? s_defaultType, device, requires_grad), out var result), result), names);

    /// <summary><paramref name="steps"/> values from <paramref name="start"/> to <paramref name="end"/>, both included.</summary>
    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false) =>
        Tensor.Take(Native.wb_linspace(start, end, steps, new TensorPlace(dtype ?? s_defaultType, device, requires_grad),
            out var result), result);

    /// <summary>Uniform in [0, 1).</summary>
    public static Tensor rand(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Named(Tensor.Take(Native.wb_rand(size, size.Length, Generator.HandleOf(generator),
            new TensorPlace(dtype ?? s_defaultType, device, requires_grad), out var result), result), names);

    public static Tensor rand(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        rand((ReadOnlySpan<long>)size, dtype, device, requires_grad, generator, names);

    public static Tensor rand(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        rand([size], dtype, device, requires_grad, generator, names);

    public static Tensor rand(long rows, long columns, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        rand([rows, columns], dtype, device, requires_grad, generator, names);

    public static Tensor rand(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        rand([dim0, dim1, dim2], dtype, device, requires_grad, generator, names);

    public static Tensor rand(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        rand([dim0, dim1, dim2, dim3], dtype, device, requires_grad, generator, names);

    /// <summary>Standard normal.</summary>
    public static Tensor randn(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Named(Tensor.Take(Native.wb_randn(size, size.Length, Generator.HandleOf(generator),
            new TensorPlace(dtype ?? s_defaultType, device, requires_grad), out var result), result), names);

    public static Tensor randn(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        randn((ReadOnlySpan<long>)size, dtype, device, requires_grad, generator, names);

    public static Tensor randn(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        randn([size], dtype, device, requires_grad, generator, names);

    public static Tensor randn(long rows, long columns, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randn([rows, columns], dtype, device, requires_grad, generator, names);

    public static Tensor randn(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randn([dim0, dim1, dim2], dtype, device, requires_grad, generator, names);

    public static Tensor randn(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randn([dim0, dim1, dim2, dim3], dtype, device, requires_grad, generator, names);

    public static Tensor rand_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Tensor.Take(Native.wb_rand_like(input.handle, new TensorPlace(dtype, device, requires_grad), out var result), result);

    public static Tensor randn_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Tensor.Take(Native.wb_randn_like(input.handle, new TensorPlace(dtype, device, requires_grad), out var result), result);

    /// <summary>Integers, uniform in [0, high).</summary>
    public static Tensor randint(long high, long[] size, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randint(0, high, size, dtype, device, requires_grad, generator, names);

    /// <summary>Integers, uniform in [low, high).</summary>
    public static Tensor randint(long low, long high, long[] size, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Named(Tensor.Take(Native.wb_randint(low, high, size, size.Length, Generator.HandleOf(generator),
            new TensorPlace(dtype ?? ScalarType.Int64, device, requires_grad), out var result), result), names);

    /// <summary>The integers below n in random order.</summary>
    public static Tensor randperm(long n, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null) =>
        Tensor.Take(Native.wb_randperm(n, Generator.HandleOf(generator),
            new TensorPlace(dtype ?? ScalarType.Int64, device, requires_grad), out var result), result);

    /// <summary>Each element 1 with the probability given, else 0.</summary>
    public static Tensor bernoulli(Tensor input, Generator? generator = null) => input.bernoulli(generator);

    /// <summary>Indices drawn with the given weights, row by row.</summary>
    public static Tensor multinomial(Tensor input, long num_samples, bool replacement = false, Generator? generator = null) =>
        input.multinomial(num_samples, replacement, generator);

    public partial class Tensor
    {
        public Tensor bernoulli(Generator? generator = null) =>
            Take(Native.wb_bernoulli(handle, Generator.HandleOf(generator), out var result), result);

        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) =>
            Take(Native.wb_multinomial(handle, num_samples, replacement, Generator.HandleOf(generator), out var result), result);

        /// <summary>Filled with normal values, in place.</summary>
        public Tensor normal_(double mean = 0.0, double std = 1.0, Generator? generator = null) =>
            Same(Native.wb_normal_(handle, mean, std, Generator.HandleOf(generator)));

        /// <summary>Filled with uniform values, in place.</summary>
        public Tensor uniform_(double from, double to, Generator? generator = null) =>
            Same(Native.wb_uniform_(handle, from, to, Generator.HandleOf(generator)));
    }
}
