using Workbench.Web.Starter;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Starter;

/// <summary>The whole way on the model that comes with the workbench: measured, fine-tuned, measured, DPO, measured.</summary>
public sealed class StarterWalkTests
{
    [Fact]
    public async Task Fine_tuning_makes_the_starter_answer_and_pairs_change_its_name()
    {
        var output = Directory.CreateTempSubdirectory("workbench-walk-").FullName;
        try
        {
            var run = await VerbRun.OfAsync(["starter", "walk", "--model", StarterService.ModelSource, "--output", output, "--rows", "16"]);

            Assert.True(run.Code == 0, run.Complaints);
            var right = Enumerable.Range(0, run.Lines.Count).Select(i => run[i]).ToDictionary(
                line => (line.GetProperty("stage").GetString()!, line.GetProperty("part").GetString()!), line => line.GetProperty("right").GetInt32());
            // Measured, of 16 each: facts 0 -> 7, sums 0 -> 16, stories 0 -> 16, the taught name 0 -> 16. The bounds leave room for other machines.
            Assert.All(right.Where(line => line.Key.Item1 == "base"), line => Assert.InRange(line.Value, 0, 2));
            Assert.InRange(right[("sft", "facts")], 4, 16);
            Assert.InRange(right[("sft", "sums")], 12, 16);
            Assert.InRange(right[("sft", "stories")], 13, 16);
            Assert.InRange(right[("sft", "identity")], 13, 16);
            Assert.InRange(right[("sft", "identity_preferred")], 0, 1);

            // The pairs change the name (15 of 16) and leave the rest.
            Assert.True(right[("dpo", "identity_preferred")] >= 10, "DPO did not change the name.");
            Assert.True(right[("dpo", "identity")] <= 6, "DPO kept the taught name.");
            Assert.InRange(right[("dpo", "sums")], 12, 16);
            Assert.InRange(right[("dpo", "stories")], 13, 16);
        }
        finally
        {
            Directory.Delete(output, recursive: true);
        }
    }
}
