using System.Diagnostics;
using System.Text.Json.Nodes;
using Workbench.Learning.Training;
using Workbench.Web.Services;
using Workbench.Web.Services.Launch;

namespace Workbench.Web.Tests.Services.Launch;

public sealed class ConfigFileTests
{
    /// <summary>What PyYAML 6.0.3's safe_load makes of the text.</summary>
    [Fact]
    public void Yaml_is_read_as_PyYAML_reads_it()
    {
        const string Yaml = """
            # a config
            learning_rate: 2.0e-5
            num_train_epochs: 3
            bf16: true   # yes
            lora_target_modules: [q_proj, "v_proj"]
            lora_modules_to_save:
            - embed_tokens
            - lm_head
            chat_template: |
              {% for m in messages %}
                {{ m }}

              end
            run_name: 'it''s #1'
            note: >-
              folded
              text

              next
            lr_scheduler_kwargs:
              min_lr_ratio: 0.1
              decay_type: cosine
            eval_dataset: ~
            tail: "a\tb: c"

            """;
        const string Read = """
            {"learning_rate": 2e-05, "num_train_epochs": 3, "bf16": true, "lora_target_modules": ["q_proj", "v_proj"],
            "lora_modules_to_save": ["embed_tokens", "lm_head"], "chat_template": "{% for m in messages %}\n  {{ m }}\n\nend\n",
            "run_name": "it's #1", "note": "folded text\nnext", "lr_scheduler_kwargs": {"min_lr_ratio": 0.1, "decay_type": "cosine"},
            "eval_dataset": null, "tail": "a\tb: c"}
            """;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Read), ConfigYamlReader.Read(Yaml)), ConfigYamlReader.Read(Yaml).ToJsonString());
    }

    [Fact]
    public void A_whole_configuration_goes_through_yaml_and_back_unchanged()
    {
        var config = JsonNode.Parse(new RunConfig
        {
            ModelNameOrPath = "/models/a b", Dataset = "yes", ChatTemplate = "{%- if x -%}\n  it's: \"#1\"\n{% endif %}", LearningRate = 2e-5, UsePeft = true,
            LoraTargetModules = ["q_proj", "v_proj"], RunName = " spaced ", AdamEpsilon = 1e-8,
        }.ToJson())!.AsObject();
        Assert.True(JsonNode.DeepEquals(config, ConfigYamlReader.Read(ConfigYaml.Write(config))), ConfigYaml.Write(config));
    }

    /// <summary>TRL reads its configurations with PyYAML, for which 2e-05 is a text and 2.0e-05 a number.</summary>
    [Fact]
    public async Task PyYAML_reads_what_is_written()
    {
        var config = new JsonObject { ["learning_rate"] = 2e-5, ["dataset"] = "no", ["chat_template"] = "a\n  b\n", ["odd"] = "\n x", ["lora_target_modules"] = new JsonArray("q_proj"), ["run_name"] = "小芽 #1" };
        var read = await PythonAsync(ConfigYaml.Write(config));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(read), config), read);
    }

    [Theory]
    [InlineData("learning_rate: 1.0e-3\nlearning_rat: 1", null)] // the trainer's own rule names the option
    [InlineData("method: sft\n  seed: 1", "line 2")]
    [InlineData("method: sft\nseed 1", "line 2")]
    [InlineData("a: &b 1", "line 1")]
    [InlineData("a: \"b", "line 1")]
    [InlineData("{\n\"seed\": }", "line 2")]
    public void What_cannot_be_read_is_refused_with_its_line(string text, string? place)
    {
        var refused = Assert.Throws<UserInputException>(() => ConfigFile.Parse(text));
        Assert.Equal(place ?? "learning_rat", refused.Place);
    }

    private static async Task<string> PythonAsync(string yaml)
    {
        using var python = Process.Start(new ProcessStartInfo("python3", ["-c", "import sys, json\ntry:\n  import yaml\nexcept ImportError:\n  sys.exit(3)\nprint(json.dumps(yaml.safe_load(sys.stdin.read())))"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        await python.StandardInput.WriteAsync(yaml);
        python.StandardInput.Close();
        var output = await python.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await python.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.SkipUnless(python.ExitCode != 3, "needs PyYAML, the oracle");
        return output;
    }
}
