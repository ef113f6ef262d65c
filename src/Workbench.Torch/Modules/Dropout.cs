using TorchSharp.Modules;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>In training, each element 0 with probability p and the others divided by 1 - p; in evaluation,
        /// nothing.</summary>
        public sealed class Dropout : torch.nn.Module<torch.Tensor, torch.Tensor>
        {
            internal Dropout(double p, bool inplace) : base(nameof(Dropout)) => (this.p, this.inplace) = (p, inplace);

            public double p { get; set; }

            public bool inplace { get; set; }

            public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.dropout(input, p, training, inplace);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Dropout Dropout(double p = 0.5, bool inplace = false) => new(p, inplace);
        }
    }
}
