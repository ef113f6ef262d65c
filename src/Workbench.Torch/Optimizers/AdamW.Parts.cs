namespace TorchSharp.Modules;

public partial class AdamW
{
    public class Options : OptimizerOptions
    {
        public double? beta1;
        public double? beta2;
        public double? weight_decay;
        public double? eps;
        public bool? amsgrad;
        public bool? maximize;

        public override void SaveStateDict(BinaryWriter writer)
        {
            base.SaveStateDict(writer);
            writer.Write(beta1!.Value);
            writer.Write(beta2!.Value);
            writer.Write(eps!.Value);
            writer.Write(weight_decay!.Value);
            writer.Write(amsgrad!.Value);
            writer.Write(maximize!.Value);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            base.LoadStateDict(reader);
            (beta1, beta2) = (reader.ReadDouble(), reader.ReadDouble());
            (eps, weight_decay) = (reader.ReadDouble(), reader.ReadDouble());
            (amsgrad, maximize) = (reader.ReadBoolean(), reader.ReadBoolean());
        }

        public override void LoadStateDict(OptimizerOptions source)
        {
            base.LoadStateDict(source);
            var from = (Options)source;
            (beta1, beta2, eps, weight_decay) = (from.beta1, from.beta2, from.eps, from.weight_decay);
            (amsgrad, maximize) = (from.amsgrad, from.maximize);
        }

        internal void FillFrom(Options defaults)
        {
            LearningRate ??= defaults.LearningRate;
            beta1 ??= defaults.beta1;
            beta2 ??= defaults.beta2;
            eps ??= defaults.eps;
            weight_decay ??= defaults.weight_decay;
            amsgrad ??= defaults.amsgrad;
            maximize ??= defaults.maximize;
        }
    }

    public class ParamGroup : ParamGroup<Options>, torch.optim.IBetas
    {
        public ParamGroup()
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999,
            double eps = 1e-8,
            double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : base(parameters,
                new Options { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay,
                amsgrad = amsgrad, maximize = maximize })
        {
        }

        public (double, double) Betas
        {
            get => (Options.beta1!.Value, Options.beta2!.Value);
            set => (Options.beta1, Options.beta2) = value;
        }
    }

    /// <summary>The running averages of one parameter's gradient and of its square, and how many steps made them.</summary>
    public class State : OptimizerState, IDisposable
    {
        public long step;
        public torch.Tensor exp_avg = null!;
        public torch.Tensor exp_avg_sq = null!;
        public torch.Tensor? max_exp_avg_sq;

        public State(Parameter parameter) : base(parameter)
        {
        }

        public override void Initialize(OptimizerOptions options)
        {
            Dispose();
            step = 0;
            exp_avg = torch.zeros_like(_parameter).DetachFromDisposeScope();
            exp_avg_sq = torch.zeros_like(_parameter).DetachFromDisposeScope();
            max_exp_avg_sq = ((Options)options).amsgrad!.Value ? torch.zeros_like(_parameter).DetachFromDisposeScope() : null;
        }

        public override void SaveStateDict(BinaryWriter writer)
        {
            writer.Write(step);
            exp_avg.Save(writer);
            exp_avg_sq.Save(writer);
            writer.Write(max_exp_avg_sq is not null);
            max_exp_avg_sq?.Save(writer);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            step = reader.ReadInt64();
            exp_avg.Load(reader);
            exp_avg_sq.Load(reader);
            if (reader.ReadBoolean())
            {
                max_exp_avg_sq ??= torch.zeros_like(exp_avg_sq).DetachFromDisposeScope();
                max_exp_avg_sq.Load(reader);
            }
            else
            {
                max_exp_avg_sq?.Dispose();
                max_exp_avg_sq = null;
            }
        }

        public override void LoadStateDict(OptimizerState source)
        {
            var from = (State)source;
            if (ReferenceEquals(from, this))
            {
                return;
            }

            step = from.step;
            exp_avg.copy_(from.exp_avg);
            exp_avg_sq.copy_(from.exp_avg_sq);
            max_exp_avg_sq?.Dispose();
            max_exp_avg_sq = from.max_exp_avg_sq?.clone().DetachFromDisposeScope();
        }

        public override bool ApproximatelyEquals(OptimizerState other) =>
            other is State state && step == state.step && exp_avg.allclose(state.exp_avg) && exp_avg_sq.allclose(state.exp_avg_sq)
            && (max_exp_avg_sq is null || (state.max_exp_avg_sq is { } theirs && max_exp_avg_sq.allclose(theirs)));

        public override void to(torch.Device device)
        {
            exp_avg = Moved(exp_avg, device);
            exp_avg_sq = Moved(exp_avg_sq, device);
            max_exp_avg_sq = max_exp_avg_sq is null ? null : Moved(max_exp_avg_sq, device);
        }

        public void Dispose()
        {
            exp_avg?.Dispose();
            exp_avg_sq?.Dispose();
            max_exp_avg_sq?.Dispose();
            GC.SuppressFinalize(this);
        }

        private static torch.Tensor Moved(torch.Tensor tensor, torch.Device device) =>
            tensor.to(device, disposeAfter: true).DetachFromDisposeScope();
    }
}
