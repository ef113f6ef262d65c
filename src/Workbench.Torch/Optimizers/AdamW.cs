using TorchSharp.Modules;

using Workbench.Torch.Kernels;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Adam with the weight decay apart from the gradient (Loshchilov and Hutter 2017), as
        /// torch.optim.AdamW.</summary>
        public partial class AdamW : OptimizerHelper, torch.optim.IBetas
        {
            public AdamW(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999,
                double eps = 1e-8,
                double weight_decay = 0, bool amsgrad = false, bool maximize = false)
                : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
            {
            }

            public AdamW(IEnumerable<ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999,
                double eps = 1e-8,
                double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            {
                ArgumentOutOfRangeException.ThrowIfNegative(lr);
                ArgumentOutOfRangeException.ThrowIfNegative(eps);
                ArgumentOutOfRangeException.ThrowIfNegative(weight_decay);
                if (beta1 is < 0 or >= 1 || beta2 is < 0 or >= 1)
                {
                    throw new ArgumentException($"the betas lie in [0, 1), unlike {beta1} and {beta2}");
                }

                _defaults = new Options
                {
                    LearningRate = lr,
                    InitialLearningRate = lr,
                    beta1 = beta1,
                    beta2 = beta2,
                    eps = eps,
                    weight_decay = weight_decay,
                    amsgrad = amsgrad,
                    maximize = maximize,
                };
                foreach (var group in parameters)
                {
                    add_param_group(group);
                }
            }

            public (double, double) Betas
            {
                get => (((Options)_defaults!).beta1!.Value, ((Options)_defaults).beta2!.Value);
                set => (((Options)_defaults!).beta1, ((Options)_defaults).beta2) = value;
            }

            public override void add_param_group(Modules.ParamGroup param_group)
            {
                var options = (Options)(param_group.Options ??= new Options());
                options.FillFrom((Options)_defaults!);
                options.InitialLearningRate = options.LearningRate!.Value;
                param_group.Parameters = [.. param_group.Parameters];
                base.add_param_group(param_group);
                foreach (var parameter in param_group.Parameters)
                {
                    var state = new State(parameter);
                    state.Initialize(options);
                    Remember(parameter, state);
                }
            }

            public override torch.Tensor? step(Func<torch.Tensor>? closure = null) => _step<ParamGroup>(group =>
            {
                var options = group.Options;
                var (beta1, beta2) = group.Betas;
                var lr = options.LearningRate!.Value;
                var hyperparameters = new AdamWOptions(lr, beta1, beta2, options.eps!.Value, options.weight_decay!.Value);
                foreach (var parameter in group.Parameters)
                {
                    var grad = parameter.grad;
                    if (grad is null)
                    {
                        continue;
                    }

                    if (options.maximize!.Value)
                    {
                        grad = -grad;
                    }

                    var state = (State)StateOf(parameter);
                    state.step++;
                    if (state.max_exp_avg_sq is not { } max)
                    {
                        FusedAdamW.Step(parameter, grad, state.exp_avg, state.exp_avg_sq, state.step, hyperparameters);
                        continue;
                    }

                    // AMSGrad (Reddi et al. 2018) divides by the largest second moment there ever was.
                    var correction1 = 1 - Math.Pow(beta1, state.step);
                    var correction2 = 1 - Math.Pow(beta2, state.step);

                    parameter.mul_(1 - lr * options.weight_decay!.Value);
                    state.exp_avg.mul_(beta1).add_(grad, 1 - beta1);                 // m
                    state.exp_avg_sq.mul_(beta2).addcmul_(grad, grad, 1 - beta2);    // v
                    max.copy_(torch.maximum(max, state.exp_avg_sq));
                    var denominator = (max.sqrt() / Math.Sqrt(correction2)).add_(options.eps!.Value);
                    parameter.addcdiv_(state.exp_avg, denominator, -lr / correction1);
                }
            }, closure);
        }
    }

    public static partial class torch
    {
        public static partial class optim
        {
            public static AdamW AdamW(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9,
                double beta2 = 0.999,
                double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static AdamW AdamW(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 1e-3,
                double beta1 = 0.9,
                double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters.Select(np => np.parameter), lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static AdamW AdamW(IEnumerable<AdamW.ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9,
                double beta2 = 0.999,
                double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
        }
    }
}
