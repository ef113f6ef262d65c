using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Learning.Models.Hub;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;
using Workbench.Web.Services.Chat;
using Workbench.Web.Starter;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Services;

/// <summary>An adapter of the starter's model through verbs, services and API.</summary>
public sealed class AdapterTests
{
    private const string Prompt = """{"prompt":"Once upon a time","max_tokens":12}""";

    /// <summary>Trains an adapter of the starter's model for a few steps with the train verb; returns its folder.</summary>
    private static async Task<string> TrainAsync(string root, int steps = 6)
    {
        await File.WriteAllLinesAsync(Path.Combine(root, "rows.jsonl"), Enumerable.Range(0, 16).Select(i => $$"""{"text":"The {{i}} cats sing songs of the sea."}"""));
        var config = Path.Combine(root, "lora.json");
        await File.WriteAllTextAsync(config, new JsonObject
        {
            ["model_name_or_path"] = StarterService.ModelSource,
            ["dataset"] = Path.Combine(root, "rows.jsonl"),
            ["output_dir"] = Path.Combine(root, "run"),
            ["use_peft"] = true,
            ["lora_r"] = 4,
            ["lora_target_modules"] = "all-linear",
            ["learning_rate"] = 0.02,
            ["max_steps"] = steps,
            ["device"] = "cpu",
        }.ToJsonString());
        var verb = await VerbRun.OfAsync(["train", config]);
        Assert.True(verb.Code == 0, verb.Complaints);
        var summary = verb[verb.Lines.Count - 1];
        Assert.True(summary.GetProperty("trainable_parameters").GetInt64() * 5 < summary.GetProperty("all_parameters").GetInt64());
        return summary.GetProperty("output_path").GetString()!;
    }

    private static async Task<string> TextAsync(params string[] arguments)
    {
        var verb = await VerbRun.OfAsync(["generate", .. arguments], Prompt);
        Assert.True(verb.Code == 0, verb.Complaints);
        return verb[0].GetProperty("text").GetString()!;
    }

    [Fact]
    public async Task The_verbs_train_use_merge_export_and_describe_an_adapter()
    {
        var root = TestFolder.Create();
        try
        {
            var (model, adapter) = (StarterService.ModelSource, await TrainAsync(root));
            var adapted = await TextAsync("--model", model, "--adapter", adapter);
            Assert.NotEqual(await TextAsync("--model", model), adapted);
            Assert.Equal(adapted, await TextAsync("--model", adapter));

            var merged = Path.Combine(root, "merged");
            var merge = await VerbRun.OfAsync(["merge", "--model", model, "--adapter", adapter, "--output", merged, "--dtype", "float32"]);
            Assert.Equal((0, merged), (merge.Code, merge[0].GetProperty("model").GetString()));
            Assert.Equal(adapted, await TextAsync("--model", merged));
            Assert.Equal(2, (await VerbRun.OfAsync(["merge", "--model", model, "--adapter", adapter, "--output", merged])).Code);

            const string Ids = """{"input_ids":[1,5,9,4,7],"labels":[-100,-100,9,4,7]}""";
            var beside = await VerbRun.OfAsync(["logps", "--model", model, "--adapter", adapter], Ids);
            var whole = await VerbRun.OfAsync(["logps", "--model", merged], Ids);
            Assert.Equal(whole[0].GetProperty("logp_sum").GetDouble(), beside[0].GetProperty("logp_sum").GetDouble(), 1e-4);

            var exported = await VerbRun.OfAsync(["export", "--model", adapter, "--output", Path.Combine(root, "half"), "--dtype", "bfloat16"]);
            Assert.Equal("bfloat16", exported[0].GetProperty("dtype").GetString());
            Assert.Equal("bfloat16", ModelInspector.Inspect(Path.Combine(root, "half")).Dtype);

            // An adapter's file holds the very tensors of the merged model's: the data, 32 aligned bytes after 32, stands at the end of both.
            Assert.Equal(0, (await VerbRun.OfAsync(["export", "--model", adapter, "--output", Path.Combine(root, "full"), "--dtype", "float32"])).Code);
            Assert.Equal(0, (await VerbRun.OfAsync(["export", "--model", Path.Combine(root, "full"), "--output", Path.Combine(root, "full.gguf"), "--format", "gguf"])).Code);
            Assert.Equal(0, (await VerbRun.OfAsync(["export", "--model", adapter, "--output", Path.Combine(root, "files", "a.gguf"), "--format", "gguf", "--dtype", "f32"])).Code);
            Assert.Equal(
                (await File.ReadAllBytesAsync(Path.Combine(root, "full.gguf")))[^2_000_000..], (await File.ReadAllBytesAsync(Path.Combine(root, "files", "a.gguf")))[^2_000_000..]);
            Assert.Single(Directory.GetFileSystemEntries(Path.Combine(root, "files"))); // nothing of the merge is left beside it

            var inspected = await VerbRun.OfAsync(["inspect", model, adapter]);
            Assert.Equal((0, 2), (inspected.Code, inspected.Lines.Count));
            Assert.Equal("model", inspected[0].GetProperty("kind").GetString());
            Assert.Equal(("adapter", 4, "all-linear"), (
                inspected[1].GetProperty("kind").GetString(), inspected[1].GetProperty("r").GetInt32(), inspected[1].GetProperty("target_modules").GetString()));
            Assert.Equal(1, (await VerbRun.OfAsync(["inspect", root])).Code);

            var asBase = await VerbRun.OfAsync(["generate", "--model", adapter, "--adapter", adapter], Prompt);
            Assert.Equal(2, asBase.Code);
            Assert.Contains("give the folder of its base model", asBase.Complaints, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public async Task An_adapter_is_listed_with_its_base_chats_and_merges_in_the_background()
    {
        await using var app = await TestApp.StartAsync();
        var adapter = await TrainAsync(app.Root);
        var models = app.Get<ModelService>();
        var whole = await models.AddFolderAsync(StarterService.ModelSource, "starter");
        var added = await models.AddFolderAsync(adapter, "tuned");
        Assert.Equal((whole.Path, 4, 32.0, "all-linear"), (added.BasePath, added.LoraR, added.LoraAlpha, added.LoraTargets));
        Assert.Equal((whole.Architecture, whole.ContextLength), (added.Architecture, added.ContextLength));
        Assert.True(added.Parameters < whole.Parameters);

        var expected = await TextAsync("--model", adapter);
        var answer = "";
        var turn = new ChatTurn([new ChatPane(added.Id, UseTemplate: false)], """[{"role":"user","content":"Once upon a time"}]""", new ChatSampling(MaxTokens: 12));
        await foreach (var chatEvent in app.Get<ChatService>().AnswerAsync(turn))
        {
            answer += chatEvent is ChatText text ? text.Text : "";
        }

        Assert.Equal(expected, answer);

        var refused = await Assert.ThrowsAsync<UserInputException>(() => app.Get<MergeService>().StartAsync(whole.Id));
        Assert.Contains("whole model", refused.Message, StringComparison.Ordinal);
        var merged = await MergedAsync(app, added.Id);
        Assert.Equal(("tuned (merged)", null, whole.Parameters), (merged.Name, merged.BasePath, merged.Parameters));
        Assert.Equal((whole.DType, whole.HasChatTemplate), (merged.DType, merged.HasChatTemplate));
        using var weights = PretrainedModel.Load(merged.Path);
        using var former = PretrainedModel.Load(whole.Path);
        Assert.NotEqual(former.Weights[2].Weight.data<float>().ToArray(), weights.Weights[2].Weight.data<float>().ToArray()); // q_proj of layer 0
    }

    /// <summary>Merges through the API, and waits for what the page waits for.</summary>
    private static async Task<ModelEntry> MergedAsync(TestApp app, string id)
    {
        var ended = new TaskCompletionSource<MergeState>(TaskCreationOptions.RunContinuationsAsynchronously);
        var merges = app.Get<MergeService>();
        merges.Changed += changed =>
        {
            if (merges.StateOf(changed) is { Phase: null } state)
            {
                ended.TrySetResult(state);
            }
        };
        Assert.Equal(202, (await app.PostAsync($"/api/models/{id}/merge", new { })).Status);
        var state = await ended.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Null(state.Error);
        Assert.Equal(state.ModelId, (await app.GetAsync($"/api/models/{id}/merge")).GetProperty("model_id").GetString());
        return await app.Get<ModelService>().GetAsync(state.ModelId!);
    }

    [Fact]
    public async Task A_merge_that_fails_says_why_and_leaves_nothing_behind()
    {
        await using var services = await TestServices.StartAsync();
        var added = await services.Get<ModelService>().AddFolderAsync(await TrainAsync(services.Root, steps: 1));
        File.Delete(Path.Combine(added.Path, "adapter_model.safetensors"));
        var ended = new TaskCompletionSource<MergeState>(TaskCreationOptions.RunContinuationsAsynchronously);
        var merges = services.Get<MergeService>();
        merges.Changed += id =>
        {
            if (merges.StateOf(id) is { Phase: null } state)
            {
                ended.TrySetResult(state);
            }
        };
        await merges.StartAsync(added.Id, TestContext.Current.CancellationToken);
        var state = await ended.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Contains("adapter_model.safetensors", state.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(services.Get<DataFolder>().Models));
        Assert.Single(await services.Get<ModelService>().ListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_run_goes_on_with_a_chosen_adapter_and_a_whole_training_of_one_is_refused()
    {
        await using var services = await TestServices.StartAsync();
        var adapter = await services.Get<ModelService>().AddFolderAsync(await TrainAsync(services.Root, steps: 1));
        var config = new JsonObject { ["model_name_or_path"] = adapter.Id, ["dataset"] = Path.Combine(services.Root, "rows.jsonl") };
        var refused = await Assert.ThrowsAsync<UserInputException>(() => services.Get<RunPlanner>().PlanAsync(config.ToJsonString(), null, "run"));
        Assert.Contains("merge it", refused.Remedy, StringComparison.Ordinal);

        config["use_peft"] = true;
        var plan = await services.Get<RunPlanner>().PlanAsync(config.ToJsonString(), null, "run");
        Assert.Equal((adapter.BasePath, adapter.Path), (plan.Config.ModelNameOrPath, plan.Config.AdapterNameOrPath));
    }

    [Fact]
    public async Task An_adapter_from_the_hub_finds_its_base_by_name_and_says_what_is_missing()
    {
        await using var services = await TestServices.StartAsync();
        var adapter = await TrainAsync(services.Root, steps: 1);
        var path = Path.Combine(adapter, "adapter_config.json");
        var json = JsonNode.Parse(await File.ReadAllTextAsync(path))!.AsObject();
        json["base_model_name_or_path"] = "someone/starter";
        await File.WriteAllTextAsync(path, json.ToJsonString());
        File.Delete(Path.Combine(adapter, "tokenizer.json"));
        var models = services.Get<ModelService>();
        var refused = await Assert.ThrowsAsync<UserInputException>(() => models.AddFolderAsync(adapter));
        Assert.Contains("someone/starter, which is not here", refused.Message, StringComparison.Ordinal);

        await models.AddFolderAsync(StarterService.ModelSource, "starter");
        var added = await models.AddFolderAsync(adapter);
        Assert.Equal(StarterService.ModelSource, added.TokenizerPath);
        Assert.True((await services.Get<TokenizerService>().DescribeAsync(added.Id)).VocabularySize > 0);
    }
}
