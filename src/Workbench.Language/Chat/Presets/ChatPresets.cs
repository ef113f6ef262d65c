namespace Workbench.Language.Chat.Presets;

/// <summary>The presets; each template is a <c>.jinja</c> file beside this one.</summary>
public static class ChatPresets
{
    /// <summary>All presets, the most widely used first.</summary>
    public static IReadOnlyList<ChatPreset> All { get; } =
    [
        Create("chatml", "ChatML",
            "Every turn between <|im_start|> and <|im_end|>, with the role on the first line. The usual choice for a model that is to learn chatting.",
            "<|im_end|>", "<|im_start|>", "<|im_end|>"),
        Create("plain", "Plain text",
            "User: and Assistant: in front of each turn, the model's own eos_token after each answer. Needs no token that a base model lacks.",
            "eos_token"),
        Create("llama-3", "Llama 3",
            "Roles between header tokens, <|eot_id|> after each turn. For Llama 3, 3.1 and 3.2.",
            "<|eot_id|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"),
        Create("llama-2", "Llama 2",
            "User turns between [INST] and [/INST], the system message inside the first one. Roles must alternate.",
            "eos_token"),
        Create("mistral", "Mistral",
            "User turns between [INST] and [/INST] as Mistral 7B v0.1 and Mixtral have them; a system message stands before the first question.",
            "eos_token"),
        Create("qwen", "Qwen 2.5",
            "ChatML with Qwen's system message where none is given, and tools described, called and answered in XML tags.",
            "<|im_end|>", "<|im_start|>", "<|im_end|>"),
        Create("deepseek-r1", "DeepSeek-R1",
            "Full-width role tokens; the reasoning of earlier answers is dropped, and a new answer begins by thinking.",
            "<｜end▁of▁sentence｜>", "<｜User｜>", "<｜Assistant｜>", "<｜end▁of▁sentence｜>"),
        Create("zephyr", "Zephyr",
            "<|user|> and <|assistant|> as plain text on a line of their own, eos_token after every turn.",
            "eos_token"),
        Create("gemma", "Gemma",
            "Turns between <start_of_turn> and <end_of_turn>, the assistant being called model; a system message stands before the first question. For Gemma 1 to 3.",
            "<end_of_turn>", "<start_of_turn>", "<end_of_turn>"),
        Create("phi-3", "Phi-3",
            "A role token on a line of its own, <|end|> after each turn, eos_token after the conversation.",
            "<|end|>", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>"),
    ];

    /// <summary>The preset of that name, or null.</summary>
    public static ChatPreset? Find(string name) => All.FirstOrDefault(p => p.Name == name);

    private static ChatPreset Create(string name, string title, string description, string endOfTurn, params string[] requiredTokens)
    {
        using var stream = typeof(ChatPresets).Assembly.GetManifestResourceStream($"Presets.{name}.jinja")!;
        using var reader = new StreamReader(stream);
        return new ChatPreset(name, title, description, reader.ReadToEnd(), endOfTurn, requiredTokens);
    }
}
