using System.Text.Json.Nodes;
using Workbench.Learning.Training;
using Workbench.Web.Components.Pages.Runs;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;
using Workbench.Web.Starter;
using Workbench.Web.Starter.Guide;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Starter;

public sealed class GuidedPathTests
{
    private const string Base = "/data/starter/model";

    private static readonly PathProgress BothSeen = PathProgress.None with { Seen = [PathStepKind.Template, PathStepKind.Data] };

    [Fact]
    public void Without_the_starter_nothing_can_be_opened()
    {
        var view = Arrange(Parts([], [], []), PathProgress.None);
        Assert.False(view.Loaded);
        Assert.All(view.Steps, step => Assert.Equal((PathStepState.Waiting, null), (step.State, step.Href)));
    }

    [Fact]
    public void With_the_starter_the_template_comes_first_and_what_was_seen_is_passed()
    {
        var parts = Parts([Model("base")], Data(), []);
        Assert.Equal(PathStepKind.Template, Arrange(parts, PathProgress.None).Current!.Kind);
        var view = Arrange(parts, BothSeen);
        Assert.Equal((PathStepKind.Sft, "/runs/new?starter=sft"), (view.Current!.Kind, view.Current.Href));
        Assert.Null(view.Steps[3].Href); // no model to prefer with yet
    }

    [Fact]
    public void A_run_on_the_rows_is_watched_while_it_trains_and_a_failed_one_is_tried_again()
    {
        var running = Arrange(Parts([Model("base")], Data(), [Run("r1", "sft", Base, "s", RunStatus.Running)]), BothSeen);
        Assert.Equal((PathStepState.Working, "/runs/r1"), (running.Current!.State, running.Current.Href));
        var failed = Arrange(Parts([Model("base")], Data(), [Run("r1", "sft", Base, "s", RunStatus.Failed)]), BothSeen);
        Assert.Equal((PathStepState.Next, "/runs/new?starter=sft"), (failed.Current!.State, failed.Current.Href));
    }

    [Fact]
    public void Runs_on_other_rows_do_not_count()
    {
        var view = Arrange(Parts([Model("base"), Model("other", "r1")], Data(), [Run("r1", "sft", Base, "elsewhere", RunStatus.Completed)]), BothSeen);
        Assert.Equal((PathStepKind.Sft, PathStepState.Next), (view.Current!.Kind, view.Current.State));
    }

    [Fact]
    public void After_both_trainings_base_and_result_are_compared_and_the_path_ends()
    {
        var parts = Parts(
            [Model("preferred", "r2"), Model("tuned", "r1"), Model("base")], Data(),
            [Run("r2", "dpo", "/m/tuned", "p", RunStatus.Completed), Run("r1", "sft", Base, "s", RunStatus.Completed)]);
        var view = Arrange(parts, BothSeen);
        Assert.Equal((PathStepKind.Compare, "/chat?base=base&tuned=preferred"), (view.Current!.Kind, view.Current.Href));
        Assert.Equal(["base", "tuned", "preferred"], view.Stages.Select(stage => stage.ModelId));
        Assert.True(Arrange(parts, BothSeen with { Seen = [.. BothSeen.Seen, PathStepKind.Compare] }).Finished);
    }

    [Fact]
    public void What_is_remembered_survives_and_a_spoilt_file_begins_anew()
    {
        var root = TestFolder.Create();
        try
        {
            var memory = new PathMemory(new DataFolder(root));
            memory.Change(_ => BothSeen with { Measured = new Dictionary<string, IReadOnlyList<StarterAccuracy>> { ["m"] = [new("sums", 3, 4)] } });
            var read = new PathMemory(new DataFolder(root)).Read();
            Assert.Equal(BothSeen.Seen, read.Seen);
            Assert.Equal(0.75, read.Measured["m"][0].Share);
            File.WriteAllText(Path.Combine(root, "starter", "path.json"), "{\"seen\":null}");
            Assert.Empty(memory.Read().Seen);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    /// <summary>The form filled in for a step must train exactly what <c>starter walk</c> trains and measures.</summary>
    [Theory]
    [InlineData("sft")]
    [InlineData("dpo")]
    public void The_form_filled_in_makes_the_run_of_the_recipe(string method)
    {
        var recipe = (method == "sft" ? StarterRuns.Sft("m", "d", "") : StarterRuns.Dpo("m", "d", "")) with { ChatTemplate = null };
        var form = new RunForm();
        form.Load(JsonNode.Parse(recipe.ToJson())!.AsObject());
        var made = RunConfig.Parse(form.ToConfig(null));
        // Without padding the same is computed sooner; sigmoid is the default said aloud.
        Assert.Equal(recipe with { PaddingFree = method == "sft", LossType = method == "dpo" ? "sigmoid" : null, OutputDir = made.OutputDir }, made);
    }

    private static PathView Arrange(PathParts parts, PathProgress progress) => GuidedPath.Arrange(parts, progress, _ => false);

    private static PathParts Parts(ModelEntry[] models, DatasetEntry[] datasets, RunEntry[] runs) => PathParts.Find(Base, "/data/datasets", models, datasets, runs);

    private static DatasetEntry[] Data() => [new() { Id = "s", Name = StarterData.SftName }, new() { Id = "p", Name = StarterData.DpoName }];

    private static ModelEntry Model(string id, string? run = null) => new()
    {
        Id = id, Name = id, Path = id == "base" ? Base : "/m/" + id, Architecture = "LlamaForCausalLM", DType = "float32", ParentRunId = run,
    };

    private static RunEntry Run(string id, string method, string model, string dataset, RunStatus status) => new()
    {
        Id = id, Name = id, Status = status, Method = method, Model = model, Dataset = $"/data/datasets/{dataset}/v1/rows.jsonl", Config = "{}", Folder = "/r/" + id,
    };
}
