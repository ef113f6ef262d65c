using Workbench.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Whether operations on this tensor are recorded for gradients.</summary>
        public bool requires_grad
        {
            get
            {
                Native.Check(Native.wb_requires_grad(handle, out var value));
                return value;
            }

            set => Native.Check(Native.wb_set_requires_grad(handle, value));
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public bool is_leaf
        {
            get
            {
                Native.Check(Native.wb_is_leaf(handle, out var value));
                return value;
            }
        }

        /// <summary>Keeps the gradient of a tensor that is not a leaf, too.</summary>
        public void retain_grad() => Native.Check(Native.wb_retain_grad(handle));

        /// <summary>The gradient that backward accumulated; null where there is none.</summary>
        public Tensor? grad
        {
            get
            {
                Native.Check(Native.wb_grad(handle, out var gradient));
                return gradient == 0 ? null : new Tensor(gradient);
            }

            set => Native.Check(Native.wb_set_grad(handle, value.OrNone()));
        }

        /// <summary>Adds the gradient of this tensor of one element to every leaf that it depends on.</summary>
        public void backward() => autograd.backward([this]);

        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false,
            IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph || create_graph, create_graph, inputs);
    }
}
