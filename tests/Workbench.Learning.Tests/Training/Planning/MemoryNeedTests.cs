using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Training;
using Workbench.Learning.Training.Planning;

namespace Workbench.Learning.Tests.Training.Planning;

public sealed class MemoryNeedTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private DecoderConfig Model() => DecoderConfigReader.Read(TinyModel.Untied.Write(_folder["model"]));

    /// <summary>A float32 weight, its gradient and two moments: 16 bytes; a frozen reference 4 more; 8-bit moments 2.1 in place of 8.</summary>
    [Theory]
    [InlineData("sft", "adamw_torch", 16)]
    [InlineData("dpo", "adamw_torch", 20)]
    [InlineData("sft", "adamw_8bit", 10.1)]
    [InlineData("orpo", "adafactor", 8.1)]
    public void A_parameter_takes_its_bytes(string method, string optim, double bytes) =>
        Assert.Equal(bytes * Model().ParameterCount, MemoryNeed.StateBytes(Model(), new RunConfig { Method = method, Optim = optim }), 1e-3);

    [Fact]
    public void A_run_that_cannot_fit_is_refused_with_both_figures_and_what_to_lower()
    {
        var config = new RunConfig { PerDeviceTrainBatchSize = 4 };
        var needed = MemoryNeed.StateBytes(Model(), config);
        Assert.Null(MemoryNeed.Problem(Model(), config, needed));
        var problem = MemoryNeed.Problem(Model() with { VocabSize = 200_000_000 }, config, 24e9);
        Assert.NotNull(problem);
        Assert.Matches(@"needs at least [0-9]+\.[0-9] GB for weights, gradients and the optimizer, and this machine has 24\.0 GB", problem);
        foreach (var remedy in new[] { "use_peft", "adamw_8bit", "gradient_checkpointing", "a smaller model" })
        {
            Assert.Contains(remedy, problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_set_already_is_not_advised_again()
    {
        var text = MemoryNeed.Explain(new RunConfig { UsePeft = true, Optim = "adafactor", GradientCheckpointing = true, PerDeviceTrainBatchSize = 3, MaxLength = 77 });
        Assert.Contains("per_device_train_batch_size (3)", text, StringComparison.Ordinal);
        Assert.Contains("max_length (77)", text, StringComparison.Ordinal);
        Assert.DoesNotContain("use_peft", text, StringComparison.Ordinal);
        Assert.DoesNotContain("adamw_8bit", text, StringComparison.Ordinal);
    }
}
