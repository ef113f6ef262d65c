using Workbench.Language.Chat.Presets;

namespace Workbench.Tests.Language.Chat.Presets;

public sealed class ChatPresetsTests
{
    [Fact]
    public void Every_promised_family_has_one_preset() =>
        Assert.Equal(
            ["chatml", "deepseek-r1", "gemma", "llama-2", "llama-3", "mistral", "phi-3", "plain", "qwen", "zephyr"],
            ChatPresets.All.Select(p => p.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_preset_writes_the_tokens_that_it_names_and_marks_what_the_assistant_says()
    {
        foreach (var preset in ChatPresets.All)
        {
            Assert.Contains(preset.EndOfTurn, preset.Template, StringComparison.Ordinal);
            Assert.Contains("{%- generation -%}", preset.Template, StringComparison.Ordinal);
            Assert.All(preset.RequiredTokens.Where(t => !t.Contains("system", StringComparison.Ordinal) && preset.Name != "phi-3"),
                t => Assert.Contains(t, preset.Template, StringComparison.Ordinal));
        }
    }
}
