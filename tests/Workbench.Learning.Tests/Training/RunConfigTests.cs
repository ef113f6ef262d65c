using System.Text.Json;
using Workbench.Learning.Training;

namespace Workbench.Learning.Tests.Training;

public sealed class RunConfigTests
{
    private const string Required = "\"model_name_or_path\":\"m\",\"dataset\":\"d.jsonl\"";

    private static RunConfig Parse(string options) => RunConfig.Parse($"{{{Required}{(options.Length > 0 ? "," : "")}{options}}}");

    private static string Problem(string options)
    {
        var error = Assert.Throws<RunConfigException>(() => Parse(options));
        return Assert.Single(error.Problems).Message;
    }

    /// <summary>The defaults of transformers' TrainingArguments and TRL's SFTConfig and ModelConfig, read from their documentation.</summary>
    [Theory]
    [InlineData("learning_rate", "2E-05")]
    [InlineData("num_train_epochs", "3")]
    [InlineData("max_steps", "-1")]
    [InlineData("per_device_train_batch_size", "8")]
    [InlineData("per_device_eval_batch_size", "8")]
    [InlineData("gradient_accumulation_steps", "1")]
    [InlineData("max_length", "1024")]
    [InlineData("packing", "false")]
    [InlineData("padding_free", "false")]
    [InlineData("assistant_only_loss", "false")]
    [InlineData("completion_only_loss", "null")]
    [InlineData("warmup_ratio", "0")]
    [InlineData("warmup_steps", "0")]
    [InlineData("lr_scheduler_type", "\"linear\"")]
    [InlineData("weight_decay", "0")]
    [InlineData("adam_beta1", "0.9")]
    [InlineData("adam_beta2", "0.999")]
    [InlineData("adam_epsilon", "1E-08")]
    [InlineData("max_grad_norm", "1")]
    [InlineData("seed", "42")]
    [InlineData("data_seed", "null")]
    [InlineData("logging_steps", "10")]
    [InlineData("logging_first_step", "false")]
    [InlineData("eval_steps", "null")]
    [InlineData("save_strategy", "\"steps\"")]
    [InlineData("save_steps", "500")]
    [InlineData("save_total_limit", "null")]
    [InlineData("use_peft", "false")]
    [InlineData("lora_r", "16")]
    [InlineData("lora_alpha", "32")]
    [InlineData("lora_dropout", "0.05")]
    [InlineData("lora_target_modules", "null")]
    public void Defaults_are_those_of_trl_and_are_written_out(string key, string value)
    {
        using var json = JsonDocument.Parse(Parse("").ToJson());
        Assert.Equal(value, json.RootElement.GetProperty(key).GetRawText());
    }

    [Fact]
    public void The_example_of_the_interfaces_reads_but_for_names_that_are_paths()
    {
        var config = Parse("""
            "method":"sft","output_dir":"o",
            "learning_rate":2e-5,"num_train_epochs":1,"max_steps":-1,"per_device_train_batch_size":8,"gradient_accumulation_steps":1,
            "max_length":1024,"packing":false,"padding_free":false,"assistant_only_loss":true,"warmup_ratio":0.03,"lr_scheduler_type":"linear",
            "weight_decay":0.0,"max_grad_norm":1.0,"seed":42,"logging_steps":10,"eval_steps":100,"save_steps":500,"bf16":false,
            "gradient_checkpointing":false,"use_peft":false,"lora_r":16,"lora_alpha":32,"lora_dropout":0.05,
            "lora_target_modules":"all-linear"
            """);
        Assert.Equal((0.03, true, 100d, "all-linear"), (config.WarmupRatio, config.AssistantOnlyLoss, config.EvalSteps, config.LoraTargetModules![0]));
    }

    [Fact]
    public void Preference_training_has_trls_lower_learning_rate_unless_one_is_given()
    {
        Assert.Equal(1e-6, Parse("\"method\":\"dpo\"").LearningRate);
        Assert.Equal(1e-4, Parse("\"method\":\"dpo\",\"learning_rate\":1e-4").LearningRate);
    }

    [Fact]
    public void What_is_written_reads_back_as_it_was()
    {
        var config = Parse(""" "learning_rate":0.00123456789,"chat_template":"{{ x }}\n<é>","eval_dataset":"e","save_total_limit":3,"lora_target_modules":["q_proj","v_proj"] """);
        Assert.Equal(config.ToJson(), RunConfig.Parse(config.ToJson()).ToJson());
        Assert.Contains("\"chat_template\": \"{{ x }}\\n<é>\"", config.ToJson(), StringComparison.Ordinal);
        Assert.Equal(["q_proj", "v_proj"], RunConfig.Parse(config.ToJson()).LoraTargetModules!);
    }

    [Theory]
    [InlineData("lerning_rate", "did you mean learning_rate?")]
    [InlineData("learningRate", "did you mean learning_rate?")]
    [InlineData("learning-rate", "did you mean learning_rate?")]
    [InlineData("epochs", "did you mean num_train_epochs?")]
    [InlineData("batch_size", "did you mean per_device_train_batch_size?")]
    [InlineData("lr", "did you mean learning_rate?")]
    [InlineData("max_lenght", "did you mean max_length?")]
    [InlineData("Seed", "did you mean seed?")]
    [InlineData("json", "is no known option.")]
    [InlineData("rows_per_step", "is no known option")]
    [InlineData("use_dora", "DoRA adapters, which is not available yet")]
    [InlineData("report_to", "has no meaning here")]
    [InlineData("max_seq_length", "max_length")]
    public void An_unknown_name_is_refused_with_the_nearest_known_one(string key, string message)
    {
        var problem = Problem($"\"{key}\":1");
        Assert.StartsWith(key, problem, StringComparison.Ordinal);
        Assert.Contains(message, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"learning_rate\":\"2e-5\"", "learning_rate must be a number, not the text \"2e-5\".")]
    [InlineData("\"learning_rate\":1e999", "learning_rate must be a number, not 1e999.")]
    [InlineData("\"max_steps\":\"60\"", "max_steps must be a whole number, not the text \"60\".")]
    [InlineData("\"max_steps\":1.5", "max_steps must be a whole number, not 1.5.")]
    [InlineData("\"max_steps\":3000000000", "max_steps must be a whole number, not 3000000000.")]
    [InlineData("\"shuffle\":1", "shuffle must be true or false, not 1.")]
    [InlineData("\"shuffle\":\"true\"", "shuffle must be true or false, not the text \"true\".")]
    [InlineData("\"seed\":null", "seed must be given a value, not null.")]
    [InlineData("\"method\":null", "method must be given a value, not null.")]
    [InlineData("\"device\":0", "device must be text, not 0.")]
    [InlineData("\"lora_target_modules\":[1]", "lora_target_modules must be a name or a list of names, not a list.")]
    public void A_value_of_the_wrong_kind_is_refused(string option, string message) => Assert.Equal(message, Problem(option));

    [Theory]
    [InlineData("\"learning_rate\":0", "above 0 and below 1")]
    [InlineData("\"learning_rate\":1", "above 0 and below 1")]
    [InlineData("\"learning_rate\":-1e-5", "above 0 and below 1")]
    [InlineData("\"num_train_epochs\":0", "above 0")]
    [InlineData("\"max_steps\":0", "above 0, or -1")]
    [InlineData("\"max_steps\":-2", "above 0, or -1")]
    [InlineData("\"per_device_train_batch_size\":0", "from 1 to 65536")]
    [InlineData("\"gradient_accumulation_steps\":0", "from 1 to 65536")]
    [InlineData("\"max_length\":1", "at least 2")]
    [InlineData("\"warmup_ratio\":1.5", "from 0 to 1")]
    [InlineData("\"warmup_steps\":-1", "at least 0")]
    [InlineData("\"weight_decay\":-0.1", "at least 0")]
    [InlineData("\"adam_beta1\":1", "below 1")]
    [InlineData("\"adam_beta2\":1", "below 1")]
    [InlineData("\"adam_epsilon\":0", "above 0")]
    [InlineData("\"max_grad_norm\":-1", "at least 0")]
    [InlineData("\"logging_steps\":0", "above 0")]
    [InlineData("\"save_steps\":2.5", "a whole number of steps")]
    [InlineData("\"save_total_limit\":0", "at least 1")]
    [InlineData("\"eval_strategy\":\"steps\"", "eval_dataset is missing")]
    [InlineData("\"lr_scheduler_type\":\"cosin\"", "did you mean cosine?")]
    [InlineData("\"optim\":\"sgd\"", "must be one of adamw_torch")]
    [InlineData("\"method\":\"stf\"", "did you mean sft?")]
    [InlineData("\"method\":\"dpo\",\"loss_type\":\"simpo\"", "must be one of sigmoid, hinge, ipo, robust, apo_zero, sppo_hard with method dpo")]
    [InlineData("\"loss_type\":\"ipo\"", "leave it out with method sft")]
    [InlineData("\"method\":\"dpo\",\"beta\":0", "above 0")]
    [InlineData("\"method\":\"dpo\",\"label_smoothing\":0.5", "below 0.5")]
    [InlineData("\"method\":\"dpo\",\"label_smoothing\":0.1,\"loss_type\":\"ipo\"", "changes only the losses sigmoid, robust and simpo")]
    [InlineData("\"label_smoothing\":0.1", "label_smoothing_factor smooths the labels of sft")]
    [InlineData("\"method\":\"kto\",\"per_device_train_batch_size\":1", "at least 2 with method kto")]
    [InlineData("\"method\":\"orpo\",\"ref_model\":\"m\"", "only with method dpo or kto")]
    [InlineData("\"method\":\"dpo\",\"reference_free\":true,\"precompute_ref_log_probs\":true", "needs no reference")]
    [InlineData("\"early_stopping_patience\":3", "give an eval_dataset")]
    [InlineData("\"load_best_model_at_end\":true", "give an eval_dataset")]
    [InlineData("\"label_smoothing_factor\":1", "below 1")]
    [InlineData("\"neftune_noise_alpha\":-1", "at least 0")]
    [InlineData("\"lr_scheduler_kwargs\":{\"num_decay_steps\":4}", "means nothing with lr_scheduler_type linear")]
    [InlineData("\"lr_scheduler_kwargs\":[]", "an object of options")]
    [InlineData("\"lr_scheduler_type\":\"warmup_stable_decay\",\"lr_scheduler_kwargs\":{\"num_decay_steps\":0}", "a whole number above 0")]
    [InlineData("\"method\":\"dpo\",\"packing\":true", "packing is for the methods sft and pretrain, not \"dpo\"")]
    [InlineData("\"method\":\"kto\",\"padding_free\":true", "padding_free is for the methods sft and pretrain")]
    [InlineData("\"device\":\"gpu\"", "auto, cpu, cuda or cuda:N")]
    [InlineData("\"chat_template\":\"x\",\"chat_template_path\":\"y\"", "exclude each other")]
    public void A_value_out_of_range_is_refused(string option, string message) =>
        Assert.Contains(message, Problem(option), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"method\":\"ppo\"")]
    [InlineData("\"fp16\":true")]
    public void A_feature_that_is_not_there_yet_is_refused_rather_than_ignored(string option) =>
        Assert.Contains("is not available yet", Problem(option), StringComparison.Ordinal);

    [Fact]
    public void All_problems_are_reported_at_once()
    {
        var error = Assert.Throws<RunConfigException>(() =>
            RunConfig.Parse("""{"learning_rate":2,"sed":1,"max_steps":"5","seed":1,"seed":2}"""));
        Assert.Equal(
            ["dataset", "learning_rate", "max_steps", "model_name_or_path", "sed", "seed"],
            error.Problems.Select(problem => problem.Key).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("{", "not valid JSON")]
    [InlineData("", "not valid JSON")]
    public void Text_that_is_no_json_object_is_refused(string json, string message) =>
        Assert.Contains(message, Assert.Throws<RunConfigException>(() => RunConfig.Parse(json)).Message, StringComparison.Ordinal);
}
