using System.Text;
using System.Text.Json;
using Workbench.Data.Formats;
using Workbench.Data.Rewards;
using Workbench.Learning.Evaluation;
using Workbench.Learning.Models;

namespace Workbench.Learning.Tests.Evaluation;

/// <summary>Against PyTorch's values, see Goldens/make_score_goldens.py.</summary>
public sealed class LoadedRewardModelTests : IDisposable
{
    private const string Template =
        "{{ bos_token }}{% for m in messages %}{% if m.role == 'user' %}U: {{ m.content + '\n' }}{% else %}A: {{ m.content + eos_token + '\n' }}{% endif %}{% endfor %}";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_last_tokens_state_gives_PyTorchs_logit()
    {
        var expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Shared.Root, "tests", "Workbench.Learning.Tests", "Goldens", "scores.json")))
            .RootElement.GetProperty("reward");
        using var model = LoadedRewardModel.Load(Write(), "cpu");
        var one = new RewardInput(Parse("""{"prompt":[{"role":"user","content":"who are you?"}]}"""), "a model.");
        var two = new RewardInput(
            Parse("""{"messages":[{"role":"user","content":"who are you?"},{"role":"assistant","content":"a model."},{"role":"user","content":"add one."},{"role":"assistant","content":"other"}]}"""),
            "i can not!");
        Assert.Equal(expected[0].GetDouble(), model.Score(one), 1e-5);
        Assert.Equal(expected[1].GetDouble(), model.Score(two), 1e-5);

        // The reward is its sigmoid, or the logit itself.
        using var models = new FolderRewardModels("cpu");
        RewardScore Reward(string sigmoid) => RewardSet.Parse($$"""{"rewards":[{"reward":"reward_model","folder":"{{folder["reward"]}}","sigmoid":{{sigmoid}}}]}""").Prepare(models)(one).Parts[0].Value;
        Assert.Equal(1 / (1 + Math.Exp(-expected[0].GetDouble())), Reward("true").Value, 1e-6);
        Assert.Equal(expected[0].GetDouble(), Reward("false").Value, 1e-5);
    }

    [Fact]
    public void What_is_no_reward_model_is_named()
    {
        static string Error(string directory) => Assert.Throws<ModelException>(() => LoadedRewardModel.Load(directory, "cpu").Dispose()).Message;
        Assert.Contains("LlamaForCausalLM is no reward model; supported: LlamaForSequenceClassification", Error(TinyModel.Tied.Write(folder["chat"])), StringComparison.Ordinal);
        var two = TinyModel.Tied.WriteReward(folder["two"], labels: 2);
        TinyTokenizer.Write(two);
        Assert.Contains("it has the shape [2, 16]", Error(two), StringComparison.Ordinal);
        Assert.Contains("tokenizer.json", Error(TinyModel.Tied.WriteReward(folder["mute"])), StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_that_it_cannot_read_says_why()
    {
        var directory = Write();
        using var model = LoadedRewardModel.Load(directory, "cpu");
        var text = Parse("""{"prompt":"hi "}""");
        Assert.True(double.IsFinite(model.Score(new RewardInput(text, "there"))));
        Assert.Contains("1 to 64", Assert.Throws<RewardException>(() => model.Score(new RewardInput(text, new string('a', 100)))).Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(directory, "chat_template.jinja"));
        using var bare = LoadedRewardModel.Load(directory, "cpu");
        var chat = Parse("""{"prompt":[{"role":"user","content":"hi"}]}""");
        Assert.Contains("chat template", Assert.Throws<RewardException>(() => bare.Score(new RewardInput(chat, "a"))).Message, StringComparison.Ordinal);
    }

    private string Write()
    {
        var directory = TinyModel.Tied.WriteReward(folder["reward"]);
        TinyTokenizer.Write(directory);
        File.WriteAllText(Path.Combine(directory, "chat_template.jinja"), Template);
        return directory;
    }

    private static Row Parse(string json) => RowParser.Parse(Encoding.UTF8.GetBytes(json));
}
