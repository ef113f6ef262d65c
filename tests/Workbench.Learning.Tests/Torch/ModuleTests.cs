using TorchSharp;
using TorchSharp.Modules;

using static TorchSharp.torch;

namespace Workbench.Learning.Tests.Torch;

/// <summary>Modules: what is registered under which name, and how it moves, loads and ends.</summary>
public class ModuleTests
{
    [Fact]
    public void Fields_are_registered_under_their_names_own_ones_first()
    {
        using var model = new Model();

        Assert.Equal(["scale", "embed.weight", "layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"],
            model.named_parameters().Select(p => p.name));
        Assert.Equal(["offsets"], model.named_buffers().Select(b => b.name));
        Assert.Equal(["embed", "layers", "head", "layers.0", "layers.1"], model.named_modules().Select(m => m.name));
    }

    [Fact]
    public void A_tied_weight_is_one_parameter_under_both_names_of_the_state()
    {
        using var model = new Model();

        Assert.Single(model.parameters(), p => ReferenceEquals(p, model.embed.weight));
        var state = model.state_dict();
        Assert.Same(state["embed.weight"], state["head.weight"]);
    }

    [Fact]
    public void Loading_copies_values_and_names_what_does_not_match()
    {
        using var scope = NewDisposeScope();
        using Model source = new(), target = new();
        target.load_state_dict(source.state_dict());

        Assert.True(target.embed.weight!.Equals(source.embed.weight!));
        Assert.NotSame(target.embed.weight, source.embed.weight);

        var partial = new Dictionary<string, Tensor> { ["embed.weight"] = zeros(5, 4), ["surplus"] = zeros(1) };
        var error = Assert.Throws<InvalidOperationException>(() => target.load_state_dict(partial));
        Assert.Contains("surplus", error.Message, StringComparison.Ordinal);
        var (missing, unexpected) = target.load_state_dict(partial, strict: false);
        Assert.Contains("scale", missing);
        Assert.Equal(["surplus"], unexpected);
    }

    [Fact]
    public void Converting_replaces_parameters_fields_and_gradients()
    {
        using var layer = nn.Linear(3, 2);
        using (NewDisposeScope())
        {
            layer.call(ones(1, 3)).sum().backward();
            layer.to(ScalarType.Float64);
        }

        Assert.Equal(ScalarType.Float64, layer.weight.dtype);
        Assert.Same(layer.weight, layer.get_parameter("weight"));
        Assert.True(layer.weight is { is_leaf: true, requires_grad: true });
        Assert.Equal(ScalarType.Float64, layer.weight.grad!.dtype);
        Assert.Throws<ArgumentException>(() => layer.to(ScalarType.Int64));
    }

    [Fact]
    public void Training_mode_reaches_every_module()
    {
        using var model = new Model();
        model.eval();

        Assert.All(model.modules(), m => Assert.False(m.training));
        model.train();
        Assert.All(model.modules(), m => Assert.True(m.training));
    }

    [Fact]
    public void Dropout_does_nothing_in_evaluation_and_keeps_the_mean_in_training()
    {
        using var scope = NewDisposeScope();
        using var dropout = nn.Dropout(0.25);
        var x = ones(100_000);

        // Standard deviation of the mean: sqrt(0.25 / 0.75 / 100,000) = 0.0018.
        Assert.Equal(1, dropout.call(x).mean().item<float>(), 0.01);
        Assert.Equal(25_000, dropout.call(x).eq(0).sum().item<long>(), 1_000.0);
        dropout.eval();
        Assert.True(dropout.call(x).Equals(x));
    }

    [Fact]
    public void Disposing_a_model_frees_all_it_holds()
    {
        var model = new Model();
        var parameters = model.parameters().ToList();
        model.Dispose();
        model.Dispose();

        Assert.All(parameters, p => Assert.True(p.IsInvalid));
    }

    [Fact]
    public void A_model_made_in_a_scope_survives_it()
    {
        Model model;
        using (NewDisposeScope())
        {
            model = new Model();
        }

        Assert.All(model.parameters(), p => Assert.False(p.IsInvalid));
        model.Dispose();
    }

    [Fact]
    public void Gradients_are_taken_away_or_set_to_0()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Linear(2, 1, hasBias: false);
        layer.call(ones(1, 2)).sum().backward();
        layer.zero_grad(set_to_none: false);
        Assert.Equal(0, layer.weight.grad!.abs().sum().item<float>());
        layer.zero_grad();
        Assert.Null(layer.weight.grad);
    }

    [Fact]
    public void An_optimizer_restored_from_a_stream_takes_the_same_next_step()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (new Parameter(ones(3)), new Parameter(ones(3)));
        using AdamW first = optim.AdamW([a], lr: 0.1), second = optim.AdamW([b], lr: 0.5);
        Step(a, first);
        b.detach().copy_(a.detach());
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            first.save_state_dict(writer);
        }

        stream.Position = 0;
        using (var reader = new BinaryReader(stream))
        {
            second.load_state_dict(reader);
        }

        Step(a, first);
        Step(b, second);

        Assert.True(a.Equals(b));
        Assert.Equal(0.1, second.ParamGroups.Single().LearningRate);

        static void Step(Parameter parameter, AdamW optimizer)
        {
            optimizer.zero_grad();
            parameter.square().sum().backward();
            optimizer.step();
        }
    }

    [Fact]
    public void Groups_have_learning_rates_of_their_own_that_a_schedule_may_set()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (new Parameter(ones(1)), new Parameter(ones(1)));
        using var optimizer = optim.AdamW([new AdamW.ParamGroup([a], lr: 0.1), new AdamW.ParamGroup([b], lr: 0.01)]);
        foreach (var group in optimizer.ParamGroups)
        {
            group.LearningRate = group.InitialLearningRate / 2;
        }

        (a + b).sum().backward();
        optimizer.step();

        // The first step of Adam is the learning rate, whatever the gradient.
        Assert.Equal(0.95, a.item<float>(), 1e-5);
        Assert.Equal(0.995, b.item<float>(), 1e-5);
    }

    private sealed class Model : nn.Module<Tensor, Tensor>
    {
        public readonly Embedding embed;
        public readonly ModuleList<Linear> layers;
        public readonly Linear head;
        public readonly Parameter scale;

        [ComponentName(Name = "offsets")]
        private readonly Tensor _offsets;

        public Model() : base("model")
        {
            embed = nn.Embedding(5, 4);
            layers = nn.ModuleList(nn.Linear(4, 4), nn.Linear(4, 4));
            head = nn.Linear(embed.weight!);
            scale = new Parameter(ones(1));
            _offsets = zeros(4);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) =>
            head.call(layers.Aggregate(embed.call(input), (x, layer) => layer.call(x)) + _offsets) * scale;
    }
}
