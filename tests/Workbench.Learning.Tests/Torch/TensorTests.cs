using TorchSharp;

using static TorchSharp.torch;

namespace Workbench.Learning.Tests.Torch;

/// <summary>What surrounds the operations: making tensors, reading and writing them, converting them.</summary>
public class TensorTests
{
    [Fact]
    public void An_array_becomes_a_tensor_of_its_type_and_shape()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[,] { { 1, 2, 3 }, { 4, 5, 6 } });

        Assert.Equal(ScalarType.Int32, x.dtype);
        Assert.Equal([2, 3], x.shape);
        Assert.Equal(6, x.data<int>()[1, 2]);
        Assert.Equal([3, 1], x.stride());
        Assert.Equal(4, x.element_size());
    }

    [Fact]
    public void An_array_may_be_converted_as_it_comes()
    {
        using var x = tensor([1L, 2L], ScalarType.Float64, requires_grad: true);

        Assert.Equal([1.0, 2.0], x.data<double>().ToArray());
        Assert.True(x is { requires_grad: true, is_leaf: true });
    }

    [Fact]
    public void A_scalar_has_no_dimensions()
    {
        using var x = tensor(2.5f);

        Assert.Equal(0, x.Dimensions);
        Assert.Equal(2.5f, x.item<float>());
        Assert.Equal(2.5f, (float)x);
        Assert.Equal(2, x.ToScalar().ToInt32());
    }

    [Fact]
    public void Reading_as_another_type_is_refused()
    {
        using var x = ones(2);

        Assert.Contains("Int64", Assert.Throws<ArgumentException>(() => x.data<long>()).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => x.item<float>());
    }

    [Fact]
    public void Elements_of_a_transposed_view_come_in_its_order()
    {
        using var scope = NewDisposeScope();
        var t = tensor(new[,] { { 1, 2, 3 }, { 4, 5, 6 } }).t();

        Assert.Equal([1, 4, 2, 5, 3, 6], t.data<int>().ToArray());
        Assert.Equal(2, t.data<int>()[1, 0]);
        Assert.Equal(5, t.data<int>()[3]);
        Assert.Throws<InvalidOperationException>(() => t.bytes.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => t.data<int>()[3, 0]);
    }

    [Fact]
    public void Writing_through_indices_changes_the_tensor()
    {
        using var scope = NewDisposeScope();
        var x = zeros(2, 3);
        x[0, 1] = tensor(5f);
        x[1] = tensor([7f, 8f, 9f]);
        x.index_put_(2, TensorIndex.Single(0), TensorIndex.Single(2));
        x[x > 8] = tensor(-1f);

        Assert.Equal([0, 5, 2, 7, 8, -1], x.data<float>().ToArray());
    }

    [Fact]
    public void Slices_and_new_axes_work_as_in_Python()
    {
        using var scope = NewDisposeScope();
        var x = arange(10);

        Assert.Equal([7, 8, 9], x[^3..].data<long>().ToArray());
        Assert.Equal([0, 1], x[..^8].data<long>().ToArray());
        Assert.Equal([1, 4, 7], x[TensorIndex.Slice(1, null, 3)].data<long>().ToArray());
        Assert.Equal([1, 10], x[TensorIndex.None, TensorIndex.Colon].shape);
    }

    [Fact]
    public void Bytes_are_the_elements_memory()
    {
        using var x = zeros(2);
        x.bytes = [0, 0, 128, 63, 0, 0, 0, 64];

        Assert.Equal([1f, 2f], x.data<float>().ToArray());
        Assert.Throws<ArgumentException>(() => x.bytes = new byte[4]);
    }

    [Fact]
    public void A_saved_tensor_loads_where_type_and_shape_are_its_own()
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        var x = randn([3, 2], ScalarType.Float64);
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            x.t().Save(writer);
        }

        var y = zeros([2, 3], ScalarType.Float64, requires_grad: true);
        Load(y);

        Assert.True(y.Equals(x.t()));
        Assert.Throws<ArgumentException>(() => Load(zeros(2, 3)));

        void Load(Tensor target)
        {
            stream.Position = 0;
            using var reader = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
            target.Load(reader);
        }
    }

    [Fact]
    public void Converting_to_what_it_is_gives_the_same_elements_and_a_copy_others()
    {
        using var scope = NewDisposeScope();
        var x = zeros(1);
        x.to(ScalarType.Float32).fill_(1);
        x.to(ScalarType.Float32, copy: true).fill_(2);

        Assert.Equal(1, x.item<float>());
    }

    [Fact]
    public void Converting_may_free_its_source()
    {
        var x = ones(2);
        using var y = x.to(ScalarType.Float16, disposeAfter: true);

        Assert.True(x.IsInvalid);
        Assert.Equal((Half)1, y.data<Half>()[1]);
    }

    [Fact]
    public void Gradients_accumulate_until_they_are_taken_away()
    {
        using var scope = NewDisposeScope();
        var x = ones([2], requires_grad: true);
        (x * 3).sum().backward();
        (x * 3).sum().backward();

        Assert.Equal([6f, 6f], x.grad!.data<float>().ToArray());
        x.grad = null;
        Assert.Null(x.grad);
    }

    [Fact]
    public void A_retained_graph_may_be_walked_again()
    {
        using var scope = NewDisposeScope();
        var x = ones([2], requires_grad: true);
        var loss = x.square().sum();
        loss.backward(retain_graph: true);
        loss.backward();

        Assert.Equal([4f, 4f], x.grad!.data<float>().ToArray());
    }

    [Fact]
    public void Without_gradients_nothing_is_recorded()
    {
        using var scope = NewDisposeScope();
        var x = ones([2], requires_grad: true);
        using (no_grad())
        {
            Assert.False((x * 2).requires_grad);
            using (enable_grad())
            {
                Assert.True((x * 2).requires_grad);
            }
        }

        using (inference_mode())
        {
            Assert.True(is_inference_mode_enabled());
            Assert.False((x * 2).requires_grad);
        }

        Assert.True(is_grad_enabled());
        Assert.False(is_inference_mode_enabled());
    }

    [Fact]
    public void A_gradient_that_does_not_exist_is_null_where_that_is_allowed()
    {
        using var scope = NewDisposeScope();
        var (x, y) = (ones([1], requires_grad: true), ones([1], requires_grad: true));

        var gradients = autograd.grad([x * 2], [x, y], allow_unused: true);

        Assert.Equal(2, gradients[0].item<float>());
        Assert.Null(gradients[1]);
    }

    [Fact]
    public void The_number_of_threads_is_what_was_set()
    {
        var before = get_num_threads();
        set_num_threads(2);

        Assert.Equal(2, get_num_threads());
        set_num_threads(before);
    }

    [Theory]
    [InlineData("cpu", DeviceType.CPU, -1)]
    [InlineData("cuda", DeviceType.CUDA, -1)]
    [InlineData("cuda:1", DeviceType.CUDA, 1)]
    public void A_device_is_written_as_PyTorch_writes_it(string text, DeviceType type, int index)
    {
        Device device = text;

        Assert.Equal((type, index, text), (device.type, device.index, device.ToString()));
    }

    [Fact]
    public void The_default_type_is_that_of_new_tensors()
    {
        Assert.Equal(ScalarType.Float32, get_default_dtype());
        Assert.Throws<ArgumentException>(() => set_default_dtype(ScalarType.Int32));
        using var x = arange(0, 1, 0.5);
        using var y = arange(3);

        Assert.Equal((ScalarType.Float32, ScalarType.Int64), (x.dtype, y.dtype));
    }
}
