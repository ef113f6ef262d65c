using System.Text.Json;
using Workbench.Language.Chat.Presets;
using Workbench.Language.Chat.Templates;

namespace Workbench.Tests.Language.Chat.Presets;

/// <summary>
/// The presets write what the families' own templates write: these texts are jinja2's renderings of published templates
/// (unsloth chatml and mistral, mistral.rs llama2, chujiezheng llama-3, Qwen2.5, DeepSeek-R1-Distill, zephyr-7b-beta,
/// gemma-3, trl phi3), compared with jinja2's renderings of the presets.
/// </summary>
public sealed class PresetRenderingTests
{
    private const string Conversation =
        """[{"role":"system","content":"Be terse."},{"role":"user","content":"Hi"},{"role":"assistant","content":"Yo"},{"role":"user","content":"Bye"}]""";

    [Theory]
    [InlineData("chatml", "", "", "<|im_start|>system\nBe terse.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nYo<|im_end|>\n<|im_start|>user\nBye<|im_end|>\n<|im_start|>assistant\n", "Yo<|im_end|>")]
    [InlineData("llama-2", "<s>", "</s>", "<s>[INST] <<SYS>>\nBe terse.\n<</SYS>>\n\nHi [/INST] Yo </s><s>[INST] Bye [/INST]", "Yo </s>")]
    [InlineData("llama-3", "<|begin_of_text|>", "<|eot_id|>", "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe terse.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nYo<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nBye<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n", "Yo<|eot_id|>")]
    [InlineData("mistral", "<s>", "</s>", "<s>[INST] Be terse. Hi [/INST]Yo</s>[INST] Bye [/INST]", "Yo</s>")]
    [InlineData("qwen", "", "<|im_end|>", "<|im_start|>system\nBe terse.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nYo<|im_end|>\n<|im_start|>user\nBye<|im_end|>\n<|im_start|>assistant\n", "Yo<|im_end|>")]
    [InlineData("deepseek-r1", "<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<｜begin▁of▁sentence｜>Be terse.<｜User｜>Hi<｜Assistant｜>Yo<｜end▁of▁sentence｜><｜User｜>Bye<｜Assistant｜><think>\n", "Yo<｜end▁of▁sentence｜>")]
    [InlineData("zephyr", "<s>", "</s>", "<|system|>\nBe terse.</s>\n<|user|>\nHi</s>\n<|assistant|>\nYo</s>\n<|user|>\nBye</s>\n<|assistant|>\n", "Yo</s>")]
    [InlineData("gemma", "<bos>", "<eos>", "<bos><start_of_turn>user\nBe terse.\n\nHi<end_of_turn>\n<start_of_turn>model\nYo<end_of_turn>\n<start_of_turn>user\nBye<end_of_turn>\n<start_of_turn>model\n", "Yo<end_of_turn>")]
    [InlineData("phi-3", "<s>", "<|endoftext|>", "<|system|>\nBe terse.<|end|>\n<|user|>\nHi<|end|>\n<|assistant|>\nYo<|end|>\n<|user|>\nBye<|end|>\n<|assistant|>\n", "Yo<|end|>")]
    [InlineData("plain", "<s>", "</s>", "<s>System: Be terse.\nUser: Hi\nAssistant: Yo</s>\nUser: Bye\nAssistant:", " Yo</s>")]
    public void A_preset_writes_its_familys_format(string name, string bos, string eos, string text, string generation)
    {
        var rendered = Render(name, Conversation, """{"add_generation_prompt":true,"return_assistant_tokens_mask":true}""", bos, eos);

        Assert.Equal(text, rendered.Text);
        var (start, end) = Assert.Single(rendered.GenerationSpans!);
        Assert.Equal(generation, text[start..end]);
    }

    [Fact]
    public void Qwen_brings_its_own_system_message_and_writes_tool_calls_and_results()
    {
        const string Messages = """
            [{"role":"user","content":"q"},{"role":"assistant","content":"","tool_calls":[{"type":"function","function":{"name":"f","arguments":{"a":1}}}]},{"role":"tool","content":"1"},{"role":"tool","content":"2"}]
            """;

        Assert.Equal(
            "<|im_start|>system\nYou are Qwen, created by Alibaba Cloud. You are a helpful assistant.<|im_end|>\n<|im_start|>user\nq<|im_end|>\n"
            + "<|im_start|>assistant\n<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": 1}}\n</tool_call><|im_end|>\n"
            + "<|im_start|>user\n<tool_response>\n1\n</tool_response>\n<tool_response>\n2\n</tool_response><|im_end|>\n",
            Render("qwen", Messages, "{}", "", "").Text);
    }

    [Theory]
    [InlineData("llama-2")]
    [InlineData("mistral")]
    [InlineData("gemma")]
    public void Families_that_alternate_say_so(string name)
    {
        var error = Assert.Throws<TemplateException>(() => Render(name, """[{"role":"user","content":"a"},{"role":"user","content":"b"}]""", "{}", "<s>", "</s>"));

        Assert.Contains("user and assistant in turn", error.Message, StringComparison.Ordinal);
    }

    private static RenderedChat Render(string name, string messages, string kwargs, string bos, string eos) =>
        ChatTemplate.Parse(ChatPresets.Find(name)!.Template).Render(new ChatRequest
        {
            Messages = JsonDocument.Parse(messages).RootElement,
            Kwargs = JsonDocument.Parse(kwargs).RootElement,
            SpecialTokens = new Dictionary<string, string?> { ["bos_token"] = bos, ["eos_token"] = eos },
        });
}
