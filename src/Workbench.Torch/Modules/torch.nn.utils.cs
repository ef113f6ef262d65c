using TorchSharp.Modules;

using Workbench.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>
            /// Scales all gradients together, in place, so that their norm is at most <paramref name="max_norm"/>
            /// (Pascanu et al. 2013).
            /// </summary>
            /// <returns>the norm before</returns>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2.0)
            {
                using var list = new HandleList(tensors);
                Native.Check(Native.wb_clip_grad_norm_(list.Raw, list.Count, max_norm, norm_type, out var norm));
                return norm;
            }

            /// <summary>Holds each element of the gradients within [-clip_value, clip_value], in place.</summary>
            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                foreach (var tensor in tensors)
                {
                    using var grad = tensor.grad;
                    grad?.clamp_(-clip_value, clip_value);
                }
            }
        }
    }
}
