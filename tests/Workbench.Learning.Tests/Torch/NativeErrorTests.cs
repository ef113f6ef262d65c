using System.Runtime.InteropServices;

using TorchSharp;

using Workbench.Torch.Interop;
using Workbench.Torch.Kernels;

using static TorchSharp.torch;

namespace Workbench.Learning.Tests.Torch;

/// <summary>What goes wrong in libtorch arrives as a typed exception with libtorch's own words.</summary>
public class NativeErrorTests
{
    [Fact]
    public void Shapes_that_do_not_fit_name_themselves()
    {
        using var scope = NewDisposeScope();

        var error = Assert.Throws<TorchException>(() => zeros(2, 3).mm(zeros(2, 3)));

        Assert.Contains("2x3 and 2x3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_exceptions_are_what_TorchSharp_throws_too() =>
        Assert.ThrowsAny<ExternalException>(() => zeros(2).view(3));

    [Fact]
    public void Asking_for_an_exabyte_is_out_of_memory()
    {
        var error = Assert.Throws<TorchOutOfMemoryException>(() => empty([1L << 60], ScalarType.Byte));

        Assert.Contains((1L << 60).ToString(System.Globalization.CultureInfo.InvariantCulture), error.Message,
            StringComparison.Ordinal);
        Assert.True(TorchFailures.IsOutOfMemory(error));
        Assert.False(TorchFailures.IsNoDevice(error));
    }

    [Fact]
    public void After_running_out_of_memory_the_next_operation_works()
    {
        Assert.ThrowsAny<TorchOutOfMemoryException>(() => empty([1L << 58], ScalarType.Float64));
        using var sum = ones(3).sum();

        Assert.Equal(3, sum.item<float>());
    }

    [Fact]
    public void A_CUDA_device_that_is_not_there_is_a_device_error()
    {
        Assert.SkipWhen(cuda.is_available(), "this machine has CUDA");

        var error = Assert.Throws<TorchDeviceException>(() => ones([2], device: CUDA));
        Assert.Throws<TorchDeviceException>(() => ones(2).to("cuda:0"));
        Assert.Throws<TorchDeviceException>(() => InitializeDeviceType(DeviceType.CUDA));

        Assert.True(TorchFailures.IsNoDevice(error));
        Assert.Equal(0, cuda.device_count());
    }

    [Fact]
    public void A_device_of_another_name_is_refused_with_those_there_are()
    {
        var error = Assert.Throws<ArgumentException>(() => device("gpu"));

        Assert.Contains("cuda:N", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_outside_names_the_bounds()
    {
        using var x = zeros(2, 3);

        Assert.Contains("out of range", Assert.ThrowsAny<TorchException>(() => x.select(1, 3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_backward_through_a_freed_graph_says_so()
    {
        using var scope = NewDisposeScope();
        var loss = ones([2], requires_grad: true).square().sum();
        loss.backward();

        Assert.Contains("second time", Assert.Throws<TorchException>(() => loss.backward()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kernel_names_the_shapes_that_do_not_fit()
    {
        using var scope = NewDisposeScope();

        var error = Assert.Throws<TorchException>(() =>
            GroupedQueryAttention.Apply(zeros(1, 3, 4, 2), zeros(1, 2, 4, 2), zeros(1, 2, 4, 2)));

        Assert.Contains("[1, 3, 4, 2]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_outside_the_vocabulary_is_refused_before_any_memory_is_touched()
    {
        using var scope = NewDisposeScope();

        var error = Assert.Throws<TorchException>(() => LinearCrossEntropy.Apply(zeros(2, 4), zeros(5, 4), tensor([1L, 5L])));

        Assert.Contains("5 classes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disposed_tensor_throws_instead_of_crashing()
    {
        var x = ones(2);
        x.Dispose();

        Assert.Throws<ObjectDisposedException>(() => x.exp());
        Assert.Throws<ObjectDisposedException>(() => cat([x, x]));
        Assert.ThrowsAny<InvalidOperationException>(() => x.Handle);
    }

    [Fact]
    public void A_library_that_is_missing_names_its_path_and_the_remedy()
    {
        var error = Assert.Throws<TorchLibraryException>(() => Library.Open("/nowhere/libworkbench_torch.so"));

        Assert.Contains("/nowhere/libworkbench_torch.so", error.Message, StringComparison.Ordinal);
        Assert.Contains("./workbench", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Named_dimensions_are_refused_rather_than_lost() =>
        Assert.Throws<ArgumentException>(() => zeros([2], names: ["N"]));
}
