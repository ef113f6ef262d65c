using Workbench.Data.Formats;
using Workbench.Web.Components.Pages.Datasets;
using Workbench.Web.Persistence.Entities;

namespace Workbench.Web.Tests.Components;

public sealed class LineageTests
{
    private static DatasetVersion Version(int number, int? parent) => new()
    {
        DatasetId = "d", Number = number, ContentHash = "abc", Shape = RowShape.Messages, Rows = 10 * number, Source = "chat.jsonl", Parent = parent,
        Recipe = parent is null ? null : """{"steps":[{"op":"length","max_chars":100}]}""",
    };

    private static RunEntry Run(string id, string model, string dataset, string method) => new()
    {
        Id = id, Name = id, Method = method, Model = model, Dataset = dataset, Config = "{}", Folder = "/runs/" + id,
    };

    private static ModelEntry Model(string id, string? run) => new() { Id = id, Name = id, Path = "/models/" + id, Architecture = "LlamaForCausalLM", DType = "float32", ParentRunId = run };

    [Fact]
    public void Each_thing_stands_right_of_all_that_it_was_made_of()
    {
        var dataset = new DatasetEntry { Id = "d", Name = "chat", Versions = [Version(1, null), Version(2, 1), Version(3, 1)] };
        var lineage = Lineage.Of(
            dataset, "/data/d",
            [Run("dpo", "/models/tuned", "/data/other/v1-x/rows.jsonl", "dpo"), Run("sft", "/models/base", "/data/d/v2-abc/rows.jsonl", "sft"), Run("else", "/models/base", "/data/dd/v1-y/rows.jsonl", "sft")],
            [Model("tuned", "sft"), Model("base", null)]);

        Assert.Equal(
            [("source:1", 0), ("version:1", 1), ("version:2", 2), ("version:3", 2), ("run:sft", 3), ("model:tuned", 4), ("run:dpo", 5)],
            lineage.Nodes.Select(node => (node.Id, node.Column)));
        Assert.Equal([0, 1], lineage.Nodes.Where(node => node.Column == 2).Select(node => node.Row));
        Assert.Equal(
            [("source:1", "version:1"), ("version:1", "version:2"), ("version:1", "version:3"), ("version:2", "run:sft"), ("run:sft", "model:tuned"), ("model:tuned", "run:dpo")],
            lineage.Edges);
        Assert.Equal("length", lineage.Nodes[2].Detail);
    }
}
