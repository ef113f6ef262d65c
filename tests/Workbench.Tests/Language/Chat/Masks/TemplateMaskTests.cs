using System.Text.Json;
using Workbench.Language.Chat.Masks;
using Workbench.Language.Chat.Presets;
using Workbench.Language.Chat.Templates;
using Workbench.Language.Tokenizers;

namespace Workbench.Tests.Language.Chat.Masks;

/// <summary>Masks of templates that are really rendered.</summary>
public sealed class TemplateMaskTests
{
    private const string Conversation =
        """[{"role":"system","content":"Be terse."},{"role":"user","content":"Hi"},{"role":"assistant","content":"Yo"},{"role":"user","content":"Bye"},{"role":"assistant","content":"See you"}]""";

    public static TheoryData<string> Presets => [.. ChatPresets.All.Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Presets))]
    public void Every_presets_tags_and_provenance_agree(string name)
    {
        var preset = ChatPresets.Find(name)!;
        var scene = new MaskScene(["</s>", "<s>", .. preset.RequiredTokens]);
        var request = new ChatRequest
        {
            Messages = JsonDocument.Parse(Conversation).RootElement,
            SpecialTokens = new Dictionary<string, string?> { ["bos_token"] = "<s>", ["eos_token"] = "</s>" },
        };

        var chat = MaskBuilder.Build(ChatTemplate.Parse(preset.Template), scene.Tokenizer, request);

        var end = preset.EndOfTurn == "eos_token" ? "</s>" : preset.EndOfTurn;
        Assert.Equal($"Yo{end}|See you{end}", MaskScene.Trained(chat).Replace(" </s>", "</s>", StringComparison.Ordinal).Replace("| ", "|", StringComparison.Ordinal).TrimStart());
        Assert.Equal(chat.AssistantMasks, chat.Labels.Select(l => l == MaskedChat.Ignored ? 0 : 1));
        Assert.Empty(chat.Warnings);
    }

    [Fact]
    public void The_plain_preset_trains_answers_and_eos_of_a_model_with_nothing_else()
    {
        var tokenizer = PretrainedTokenizer.Load(Shared.Require("assets/models/stories260K-hf"));

        var chat = MaskBuilder.Build(
            ChatTemplate.Parse(ChatPresets.Find("plain")!.Template), tokenizer,
            new ChatRequest { Messages = JsonDocument.Parse(Conversation).RootElement });

        Assert.Equal(1, chat.InputIds[0]);
        Assert.Equal(" Yo</s>| See you</s>", MaskScene.Trained(chat));
        Assert.Equal(2, chat.Labels.Count(l => l == 2));
        Assert.Empty(chat.Warnings);
    }

    [Theory]
    [InlineData("unsloth/chatml.jinja", "Yo<|im_end|>|See you<|im_end|>")]
    [InlineData("trl/qwen3.jinja", "Yo<|im_end|>|<think>\n\n</think>\n\nSee you<|im_end|>")]
    [InlineData("llama.cpp/Qwen-Qwen2.5-7B-Instruct.jinja", "Yo<|im_end|>|See you<|im_end|>")]
    public void A_published_template_without_tags_trains_answers_and_their_end(string template, string trained)
    {
        var tokenizer = PretrainedTokenizer.Load(Shared.Require("assets/tokenizers/minimind"));
        var text = File.ReadAllText(Shared.Require("corpus/templates/" + template));

        var chat = MaskBuilder.Build(ChatTemplate.Parse(text), tokenizer, new ChatRequest { Messages = JsonDocument.Parse(Conversation).RootElement });

        Assert.Equal(trained, MaskScene.Trained(chat));
        Assert.Null(chat.AssistantMasks);
    }
}
