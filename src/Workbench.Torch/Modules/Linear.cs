using TorchSharp.Modules;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>x @ weight.T + bias.</summary>
        public sealed class Linear : torch.nn.Module<torch.Tensor, torch.Tensor>
        {
            [ComponentName(Name = nameof(weight))]
            private Parameter _weight;

            [ComponentName(Name = nameof(bias))]
            private Parameter? _bias;

            internal Linear(Parameter weight, Parameter? bias = null) : base(nameof(Linear))
            {
                (out_features, in_features) = (weight.shape[0], weight.shape[1]);
                (_weight, _bias) = (weight, bias);
                RegisterComponents();
            }

            public long in_features { get; set; }

            public long out_features { get; set; }

            /// <summary>(out, in)</summary>
            public Parameter weight
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

            /// <summary>(out), or null</summary>
            public Parameter? bias
            {
                get => _bias;
                set
                {
                    if (!ReferenceEquals(value, _bias))
                    {
                        _bias?.Dispose();
                        _bias = (Parameter?)value?.DetachFromDisposeScope();
                        ConditionallyRegisterParameter(nameof(bias), _bias);
                    }
                }
            }

            public override torch.Tensor forward(torch.Tensor tensor) => torch.nn.functional.linear(tensor, _weight, _bias);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>A linear layer of random weights, uniform within ±1/sqrt(in), as PyTorch starts it.</summary>
            public static Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null,
                ScalarType? dtype = null)
            {
                var bound = inputSize > 0 ? 1 / Math.Sqrt(inputSize) : 0;
                var weight = empty([outputSize, inputSize], dtype, device).uniform_(-bound, bound);
                var bias = hasBias ? empty([outputSize], dtype, device).uniform_(-bound, bound) : null;
                return new Linear(new Parameter(weight), bias is null ? null : new Parameter(bias));
            }

            /// <summary>A linear layer over given weights.</summary>
            public static Linear Linear(Parameter weight, Parameter? bias = null) => new(weight, bias);
        }
    }
}
