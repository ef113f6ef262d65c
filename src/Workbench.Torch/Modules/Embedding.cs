using System.Diagnostics.CodeAnalysis;

using TorchSharp.Modules;

using Workbench.Torch.Interop;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>A table of vectors, looked up by number.</summary>
        public sealed class Embedding : torch.nn.Module<torch.Tensor, torch.Tensor>
        {
            [ComponentName(Name = nameof(weight))]
            private Parameter _weight;

            private readonly long _paddingIndex;
            private readonly bool _scaleGradByFreq;
            private readonly bool _sparse;

            internal Embedding(Parameter weight, long? paddingIndex, bool scaleGradByFreq, bool sparse) : base(nameof(Embedding))
            {
                _weight = weight;
                (_paddingIndex, _scaleGradByFreq, _sparse) = (paddingIndex ?? -1, scaleGradByFreq, sparse);
                RegisterComponents();
            }

            /// <summary>(numbers, dimensions)</summary>
            [DisallowNull]
            public Parameter? weight
            {
                get => _weight;
                set
                {
                    if (!ReferenceEquals(value, _weight))
                    {
                        _weight.Dispose();
                        _weight = (Parameter)value.DetachFromDisposeScope();
                        ConditionallyRegisterParameter(nameof(weight), _weight);
                    }
                }
            }

            public override torch.Tensor forward(torch.Tensor input) => torch.Tensor.Take(
                Native.wb_embedding(_weight.handle, input.handle, _paddingIndex, _scaleGradByFreq, _sparse, out var result),
                    result);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>An embedding of standard normal weights, 0 at <paramref name="padding_idx"/>.</summary>
            public static Embedding Embedding(long num_embeddings, long embedding_dims, long? padding_idx = null,
                double? max_norm = null,
                double norm_type = 2.0, bool scale_grad_by_freq = false, bool sparse = false, Device? device = null,
                    ScalarType? dtype = null)
            {
                RefuseMaxNorm(max_norm);
                var weight = randn([num_embeddings, embedding_dims], dtype, device);
                if (padding_idx is { } index)
                {
                    weight[index].zero_().Dispose();
                }

                return new Embedding(new Parameter(weight), padding_idx, scale_grad_by_freq, sparse);
            }

            /// <summary>An embedding of given weights, which <paramref name="freeze"/> keeps from learning.</summary>
            public static Embedding Embedding_from_pretrained(Tensor embeddings, bool freeze = true, long? padding_idx = null,
                double? max_norm = null,
                double norm_type = 2.0, bool scale_grad_by_freq = false, bool sparse = false, Device? device = null,
                    ScalarType? dtype = null)
            {
                RefuseMaxNorm(max_norm);
                var weight = embeddings.to(dtype ?? embeddings.dtype, device ?? embeddings.device);
                return new Embedding(new Parameter(weight, !freeze), padding_idx, scale_grad_by_freq, sparse);
            }

            // Renormalizing rows while they are looked up is not bound: asked for, it is refused rather than left out.
            private static void RefuseMaxNorm(double? maxNorm)
            {
                if (maxNorm is not null)
                {
                    throw new ArgumentException("max_norm is not bound; leave it out", nameof(maxNorm));
                }
            }
        }
    }
}
