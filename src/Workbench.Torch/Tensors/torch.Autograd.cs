using Workbench.Torch.Interop;

namespace TorchSharp;

/// <summary>Switches the recording of gradients on this thread until it is disposed.</summary>
internal sealed class AutoGradMode : IDisposable
{
    private readonly bool _before;

    public AutoGradMode(bool enabled)
    {
        _before = IsEnabled;
        IsEnabled = enabled;
    }

    public static bool IsEnabled
    {
        get
        {
            Native.Check(Native.wb_grad_enabled(out var enabled));
            return enabled;
        }

        private set => Native.Check(Native.wb_set_grad_enabled(value));
    }

    public void Dispose() => IsEnabled = _before;
}

/// <summary>Inference mode on this thread until it is disposed, on the same thread: no gradients, and no view or version
/// tracking.</summary>
internal sealed class InferenceMode : IDisposable
{
    private nint _guard;

    public InferenceMode(bool mode)
    {
        Native.Check(Native.wb_inference_mode_new(mode, out _guard));
    }

    public static bool IsEnabled
    {
        get
        {
            Native.Check(Native.wb_inference_mode_enabled(out var enabled));
            return enabled;
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _guard, 0) is var guard and not 0)
        {
            Native.wb_inference_mode_free(guard);
        }
    }
}

public static partial class torch
{
    public static IDisposable no_grad() => new AutoGradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new AutoGradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new AutoGradMode(mode);

    public static bool is_grad_enabled() => AutoGradMode.IsEnabled;

    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    public static bool is_inference_mode_enabled() => InferenceMode.IsEnabled;

    public static class autograd
    {
        /// <summary>The gradients of the sum of <paramref name="outputs"/> with respect to <paramref name="inputs"/>, in their
        /// order.</summary>
        public static unsafe IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null,
            bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            using var ofs = new HandleList(outputs);
            using var withRespectTo = new HandleList(inputs);
            using var seeds = new HandleList(grad_outputs);
            var (o, i, s) = (ofs.Raw, withRespectTo.Raw, seeds.Raw);
            return HandleSink.Collect(state => Native.wb_autograd_grad(o, o.Length, i, i.Length, s, s.Length,
                retain_graph || create_graph, create_graph, allow_unused, HandleSink.Callback, state))!;
        }

        /// <summary>Adds the gradients of the sum of <paramref name="tensors"/> to the leaves they depend on, or to <paramref
        /// name="inputs"/> alone.</summary>
        public static void backward(IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null,
            bool create_graph = false, IList<Tensor>? inputs = null)
        {
            using var roots = new HandleList(tensors);
            using var seeds = new HandleList(grad_tensors);
            using var leaves = new HandleList(inputs);
            Native.Check(Native.wb_backward(roots.Raw, roots.Count, seeds.Raw, seeds.Count, retain_graph ?? create_graph,
                create_graph,
                leaves.Raw, leaves.Count));
        }

        public static void backward(Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null,
            bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false,
            IList<Tensor>? inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);
    }
}
