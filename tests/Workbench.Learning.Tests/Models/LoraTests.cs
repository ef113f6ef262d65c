using System.Text.Json;
using TorchSharp;
using TorchSharp.Modules;
using Workbench.Learning.Models;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Models.Hub;
using Workbench.Learning.Models.Lora;
using Workbench.Learning.Training;
using Workbench.Learning.Training.Batching;
using Workbench.Learning.Training.Losses;
using Workbench.Learning.Training.Optimizers;
using static TorchSharp.torch;

namespace Workbench.Learning.Tests.Models;

/// <summary>Against PyTorch's values from Goldens/make_lora_goldens.py, and against what merging must give.</summary>
public sealed class LoraTests : IDisposable
{
    private static readonly JsonElement Goldens = JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(Shared.Root, "tests", "Workbench.Learning.Tests", "Goldens", "lora.json"))).RootElement.GetProperty("cases");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Cases => [.. Goldens.EnumerateObject().Select(pair => pair.Name)];

    private static TinyModel Tiny(JsonElement golden) => TinyModel.Named(golden.GetProperty("model").GetString() == "tied_grouped" ? "tied" : "untied");

    private static LoraConfig Config(JsonElement golden) => new()
    {
        R = golden.GetProperty("r").GetInt32(),
        LoraAlpha = golden.GetProperty("alpha").GetDouble(),
        UseRslora = golden.TryGetProperty("rslora", out _),
        TargetModules = ModuleChoice.Of([.. golden.GetProperty("targets").EnumerateArray().Select(name => name.GetString()!)]),
        ModulesToSave = golden.TryGetProperty("modules", out var modules)
            ? [.. modules.EnumerateArray().Select(name => name.GetString()!)]
            : golden.TryGetProperty("save", out var save)
            ? [.. save.EnumerateArray().Select(name => name.GetString()!.Split('.')[^2])]
            : [],
    };

    /// <summary>The model of a case with its adapter, whose values are drawn as the golden's.</summary>
    private (DecoderModel Model, TinyModel Tiny, JsonElement Golden) Open(string name)
    {
        var golden = Goldens.GetProperty(name);
        var tiny = Tiny(golden);
        var model = PretrainedModel.Load(tiny.Write(_folder["base"]));
        model.Adapters.Add("default", Drawn(Config(golden), model));
        return (model, tiny, golden);
    }

    private static LoraAdapter Drawn(LoraConfig config, DecoderModel model)
    {
        using var generator = new Generator(1);
        var adapter = LoraAdapter.Create(config, model, generator);
        var random = new SplitMix64(3);
        using var off = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, weight) in adapter.Parameters)
        {
            var whole = !name.Contains(".lora_", StringComparison.Ordinal);
            var values = Enumerable.Range(0, (int)weight.numel()).Select(_ => (float)((random.NextDouble() - 0.5) / (whole ? 8 : 2))).ToArray();
            var drawn = tensor(values).view(weight.shape);
            weight.copy_(whole ? weight + drawn : drawn);
        }

        return adapter;
    }

    private static float[] LastLogits(DecoderModel model, int[] ids)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var input = tensor(ids.Select(id => (long)id).ToArray(), new long[] { 1, ids.Length });
        return model.Forward(input).narrow(1, ids.Length - 1, 1).reshape(-1).contiguous().data<float>().ToArray();
    }

    private static void Close(IEnumerable<float> expected, IEnumerable<float> actual, double tolerance) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));

    private static float[] Floats(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetSingle())];

    private static float[] Floats(Tensor tensor) => tensor.detach().reshape(-1).contiguous().data<float>().ToArray();

    private static float Loss(DecoderModel model, TrainingRow row, bool backward = false)
    {
        using var scope = NewDisposeScope();
        var result = CausalLanguageModelLoss.Compute(model, TokenBatch.Pad([row]));
        var loss = result.LossSum / result.LabelCount;
        if (backward)
        {
            loss.backward();
            model.BackwardThroughLayers();
        }

        return loss.item<float>();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Logits_loss_gradients_and_a_step_are_those_of_pytorch(string name)
    {
        var (model, tiny, golden) = Open(name);
        using var owned = model;
        Close(Floats(golden.GetProperty("last_logits")), LastLogits(model, tiny.LongestRow.InputIds), 1e-5);
        Assert.Equal(golden.GetProperty("loss").GetSingle(), Loss(model, tiny.LongestRow, backward: true), 1e-5);
        foreach (var (parameter, weight) in model.Trained)
        {
            using var gradient = weight.grad!;
            Assert.Equal(golden.GetProperty("gradient_norms").GetProperty(parameter).GetSingle(), Math.Sqrt(Floats(gradient).Sum(v => (double)v * v)), 1e-5);
            if (golden.GetProperty("gradients").TryGetProperty(parameter, out var expected))
            {
                Close(Floats(expected), Floats(gradient), 1e-5);
            }
        }

        var config = new RunConfig { LearningRate = 1e-2, WeightDecay = 0.1 };
        using var optimizer = OptimizerFactory.Create(config, TrainedParameter.Of(model.Trained, config.WeightDecay));
        optimizer.Step(config.LearningRate);
        Assert.Equal(golden.GetProperty("loss_after_step").GetSingle(), Loss(model, tiny.LongestRow), 2e-5);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradient_checkpointing_gives_the_same_gradients_with_dropout_too(string name)
    {
        var (model, tiny, _) = Open(name);
        using var owned = model;
        using var adapter = Drawn(model.Adapters.Active!.Config with { LoraDropout = 0.5 }, model);
        model.Adapters.Remove("default");
        model.Adapters.Add("dropping", Drawn(adapter.Config, model));

        float[] Gradients(bool checkpointing)
        {
            using var generator = new Generator(9);
            model.Adapters.DropoutSource = generator;
            model.GradientCheckpointing = checkpointing;
            foreach (var (_, weight) in model.Trained)
            {
                weight.grad = null;
            }

            Loss(model, tiny.LongestRow, backward: true);
            return [.. model.Trained.SelectMany(parameter => Floats(parameter.Weight.grad!))];
        }

        var (plain, recomputed) = (Gradients(false), Gradients(true));
        Close(plain, recomputed, 1e-6);
        model.Adapters.DropoutSource = null;
        var without = Loss(model, tiny.LongestRow);
        using var again = new Generator(9);
        model.Adapters.DropoutSource = again;
        Assert.NotEqual(without, Loss(model, tiny.LongestRow));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_frozen_model_gets_no_gradient_and_merging_changes_no_logits(string name)
    {
        var (model, tiny, _) = Open(name);
        using var owned = model;
        var ids = tiny.LongestRow.InputIds;
        Loss(model, tiny.LongestRow, backward: true);
        Assert.All(model.Weights, weight => Assert.True(!weight.Weight.requires_grad && weight.Weight.grad is null, weight.Name));

        var adapted = LastLogits(model, ids);
        using (model.Adapters.Disable())
        {
            using var plain = PretrainedModel.Load(_folder["base"]);
            Assert.Equal(LastLogits(plain, ids), LastLogits(model, ids));
        }

        Assert.Equal(adapted, LastLogits(model, ids));
        model.Adapters.Merge();
        Close(adapted, LastLogits(model, ids), 1e-4);
        Assert.Throws<InvalidOperationException>(() => model.Adapters.Disable());
        model.Adapters.Unmerge();
        Close(adapted, LastLogits(model, ids), 1e-4);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_adapter_comes_back_from_its_folder_and_merges_into_a_folder_of_its_own(string name)
    {
        var (model, tiny, _) = Open(name);
        using var owned = model;
        var ids = tiny.LongestRow.InputIds;
        var expected = LastLogits(model, ids);
        Directory.CreateDirectory(_folder["adapter"]);
        AdapterFolder.Write(model.Adapters.Active!, _folder["adapter"], _folder["base"]);

        using var other = PretrainedModel.Load(_folder["base"]);
        other.Adapters.Add("read", AdapterFolder.Read(_folder["adapter"], other));
        Assert.Equal(expected, LastLogits(other, ids));

        using var merged = MergedModel.Load(_folder["base"], _folder["adapter"]);
        Directory.CreateDirectory(_folder["merged"]);
        PretrainedModel.Save(merged, _folder["merged"], _folder["base"]);
        using var plain = PretrainedModel.Load(_folder["merged"]);
        Assert.Empty(plain.Adapters.Names);
        Close(expected, LastLogits(plain, ids), 1e-4);
    }

    [Fact]
    public void Merging_adds_the_product_of_B_and_A_times_alpha_over_r()
    {
        using var module = new LoraModule("m", new Parameter(tensor([1f, 2f, 3f, 4f, 5f, 6f], [2, 3])), new Parameter(tensor([1f, 0f, 2f, 1f], [2, 2])), 16.0 / 2, 0);
        using var delta = module.Delta();

        // B A = [[1, 2, 3], [6, 9, 12]], by hand.
        Assert.Equal([8f, 16f, 24f, 48f, 72f, 96f], Floats(delta));
    }

    [Fact]
    public void A_fresh_adapter_changes_nothing_and_starts_A_within_the_bound_of_PEFT()
    {
        using var model = PretrainedModel.Load(TinyModel.Tied.Write(_folder["base"]));
        var before = LastLogits(model, TinyModel.Tied.LongestRow.InputIds);
        using var generator = new Generator(5);
        model.Adapters.Add("a", LoraAdapter.Create(new LoraConfig { TargetModules = ModuleChoice.AllLinear }, model, generator));
        Assert.Equal(before, LastLogits(model, TinyModel.Tied.LongestRow.InputIds));
        Assert.Equal(14, model.Adapters.Active!.Modules.Count);
        var a = Floats(model.Adapters.Active.Modules[0].A).Select(Math.Abs).ToList(); // (8, 16): uniform within 1/sqrt(16)
        Assert.True(a.Max() is <= 0.25f and > 0.2f && a.Average() is > 0.1f and < 0.15f);
    }

    [Fact]
    public void Of_several_adapters_the_one_set_active_works()
    {
        using var model = PretrainedModel.Load(TinyModel.Tied.Write(_folder["base"]));
        var ids = TinyModel.Tied.LongestRow.InputIds;
        var plain = LastLogits(model, ids);
        model.Adapters.Add("first", Drawn(new LoraConfig { R = 2 }, model));
        var first = LastLogits(model, ids);
        model.Adapters.Add("second", Drawn(new LoraConfig { R = 2, LoraAlpha = 1 }, model));
        Assert.NotEqual(first, LastLogits(model, ids));
        model.Adapters.SetActive("first");
        Assert.Equal(first, LastLogits(model, ids));
        model.Adapters.Remove("first");
        model.Adapters.Remove("second");
        Assert.Equal(plain, LastLogits(model, ids));
        Assert.All(model.Weights, weight => Assert.True(weight.Weight.requires_grad));
        Assert.Throws<KeyNotFoundException>(() => model.Adapters.SetActive("first"));
    }

    [Fact]
    public void Bfloat16_products_stay_near_float32()
    {
        var (model, tiny, golden) = Open("all_linear_rslora");
        using var owned = model;
        model.BFloat16 = true;
        Assert.Equal(golden.GetProperty("loss").GetSingle(), Loss(model, tiny.LongestRow, backward: true), 0.05);
        Assert.All(model.Trained, parameter => Assert.Equal(ScalarType.Float32, parameter.Weight.grad!.dtype));
    }
}
