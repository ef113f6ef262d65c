using System.Text.Json;
using Workbench.Learning.Training;
using Workbench.Web.Components.Pages.Runs;
using Workbench.Web.Services;

namespace Workbench.Web.Tests.Components;

public sealed class RunFormTests
{
    [Fact]
    public void What_the_form_writes_the_trainer_understands()
    {
        var form = Filled();
        form["max_steps"] = "60";
        form["learning_rate"] = " 2e-5 ";
        form.Packing = true;
        var config = RunConfig.Parse(form.ToConfig("{{ messages }}"));
        Assert.Empty(config.Validate());
        Assert.Equal(60, config.MaxSteps);
        Assert.Equal(2e-5, config.LearningRate);
        Assert.Equal("{{ messages }}", config.ChatTemplate);
        Assert.Equal((true, true, true), (config.AssistantOnlyLoss, config.Packing, config.PaddingFree));
    }

    /// <summary>Whatever can be chosen, the trainer's own rules accept.</summary>
    [Fact]
    public void Every_method_and_loss_of_the_form_is_one_of_the_trainer()
    {
        foreach (var method in TrainingMethod.All)
        {
            foreach (var loss in method.Losses.DefaultIfEmpty(""))
            {
                var form = Filled();
                form.ChooseMethod(method.Name);
                form.SuggestFor(400_000, 512);
                form.LossType = loss;
                if (method.Samples)
                {
                    form.Rewards.Add("numeric");
                }

                var config = RunConfig.Parse(form.ToConfig(null));
                Assert.Equal((method.Name, loss.Length > 0 ? loss : null), (config.Method, config.LossType));
                Assert.Equal(method.Name is "sft" or "pretrain" ? 1e-3 : 5e-5, config.LearningRate);
                Assert.Equal(method.Name is "sft" or "pretrain", form.Asked.All(field => field.Key != "beta"));
            }
        }
    }

    [Fact]
    public void Rewards_are_written_and_read_back_with_their_parameters()
    {
        var form = Filled();
        form.ChooseMethod("grpo");
        form["num_generations"] = "4";
        form.Rewards.Add("numeric");
        form.Rewards.Add("length");
        form.Rewards.Rewards[1].Values["weight"] = "0.25";
        form.Rewards.Rewards[1].Values["max_words"] = "30";
        var json = form.ToConfig(null);
        var config = RunConfig.Parse(json);
        Assert.Equal(["numeric", "length"], config.RewardFuncs!);
        Assert.Equal("""{"weight":0.25,"max_words":30}""", config.RewardKwargs!["length"].GetRawText());
        Assert.False(config.RewardKwargs.ContainsKey("numeric"));
        Assert.Equal((4, 0.0, "dapo"), (config.NumGenerations, config.Beta, config.LossType));

        var again = new RunForm();
        again.Load(System.Text.Json.Nodes.JsonNode.Parse(config.ToJson())!.AsObject());
        Assert.Equal(json, again.ToConfig(null));
        Assert.Equal("{}", again.Advanced);
    }

    [Theory]
    [InlineData("regex", "pattern", "(", "regex")]
    [InlineData("length", "max_words", "many", "max_words")]
    [InlineData("numeric", "weight", "heavy", "weight")]
    public void A_reward_that_cannot_work_is_named(string reward, string parameter, string value, string named)
    {
        var form = Filled();
        form.ChooseMethod("grpo");
        form.Rewards.Add(reward);
        form.Rewards.Rewards[0].Values[parameter] = value;
        var error = Assert.Throws<UserInputException>(() => form.ToConfig(null));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Equal(error.Message, RewardDraft.ErrorOf(form.Rewards.Rewards[0]));
    }

    [Fact]
    public void Every_reward_can_be_added_as_it_is()
    {
        var form = Filled();
        form.ChooseMethod("grpo");
        foreach (var name in form.Rewards.Addable.ToList())
        {
            form.Rewards.Add(name);
        }

        // Two ask for a model, which nobody can choose for the user.
        Assert.All(form.Rewards.Rewards, reward => Assert.Equal(reward.Name is "judge" or "reward_model", RewardDraft.ErrorOf(reward) is not null));
        form.Rewards.Rewards.Where(reward => RewardDraft.ErrorOf(reward) is not null).ToList().ForEach(form.Rewards.Remove);
        Assert.Equal(8, RunConfig.Parse(form.ToConfig(null)).RewardFuncs!.Count);
    }

    [Theory]
    [InlineData("learning_rate", "1", "learning_rate must be above 0 and below 1")]
    [InlineData("learning_rate", "0", "learning_rate must be above 0 and below 1")]
    [InlineData("num_generations", "3", "must divide")]
    [InlineData("warmup_ratio", "2", "warmup_ratio must be from 0 to 1")]
    public void A_number_that_the_trainer_refuses_is_refused_at_its_field(string key, string value, string message)
    {
        var form = Filled();
        form.ChooseMethod("grpo");
        form.Rewards.Add("numeric");
        form[key] = value;
        Assert.Contains(message, form.Problems()[key], StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_that_can_be_trained_with_have_no_problem()
    {
        foreach (var method in TrainingMethod.All)
        {
            var form = Filled();
            form.ChooseMethod(method.Name);
            Assert.DoesNotContain(form.Problems().Keys, key => form.Asked.Any(field => field.Key == key));
        }
    }

    [Fact]
    public void A_method_without_fields_is_refused_with_the_way_to_start_it()
    {
        var error = Assert.Throws<UserInputException>(() => Filled().ChooseMethod("ppo"));
        Assert.Contains("./workbench train", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Further_options_win_over_the_fields()
    {
        var form = Filled();
        form.Advanced = """{"seed": 7, "save_total_limit": 2}""";
        var config = RunConfig.Parse(form.ToConfig(null));
        Assert.Equal(7, config.Seed);
        Assert.Equal(2, config.SaveTotalLimit);
        Assert.Null(config.ChatTemplate);
    }

    [Theory]
    [InlineData("max_steps", "60.5")]
    [InlineData("learning_rate", "fast")]
    [InlineData("learning_rate", "NaN")]
    [InlineData("warmup_ratio", "")]
    public void A_field_that_is_no_number_is_named(string key, string text)
    {
        var form = Filled();
        form[key] = text;
        Assert.Equal(key, Assert.Throws<UserInputException>(() => form.ToConfig(null)).Place);
    }

    [Theory]
    [InlineData("{\n \"seed\": }", "line 2")]
    [InlineData("[1]", "further options")]
    public void Further_options_that_are_no_object_are_refused_with_their_place(string advanced, string place)
    {
        var form = Filled();
        form.Advanced = advanced;
        Assert.Contains(place, Assert.Throws<UserInputException>(() => form.ToConfig(null)).Place, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_without_model_is_refused() =>
        Assert.Equal("model_name_or_path", Assert.Throws<UserInputException>(() => new RunForm { Dataset = "d" }.ToConfig(null)).Place);

    [Fact]
    public void Suggestions_leave_the_users_own_numbers()
    {
        var form = Filled();
        form["learning_rate"] = "3e-4";
        form.SuggestFor(parameters: 260_032, contextLength: 512);
        Assert.Equal("3e-4", form["learning_rate"]);
        Assert.Equal("512", form["max_length"]);
    }

    [Fact]
    public void Every_field_has_a_valid_default() => Assert.All(RunForm.Fields, field => Assert.Null(new RunForm().ErrorOf(field)));

    [Fact]
    public void The_evaluation_set_brings_its_strategy()
    {
        var form = Filled();
        form.EvalDataset = "e";
        var json = JsonSerializer.Deserialize<JsonElement>(form.ToConfig(null));
        Assert.Equal(("e", "epoch"), (json.GetProperty("eval_dataset").GetString()!, json.GetProperty("eval_strategy").GetString()!));
    }

    private static RunForm Filled() => new() { Model = "m", Dataset = "d" };
}
