using System.Text;
using System.Text.Json;
using Workbench.Language.Chat.Masks;
using Workbench.Language.Chat.Templates;
using Workbench.Language.Tokenizers;

namespace Workbench.Tests.Language.Chat.Masks;

/// <summary>A rendering put together by hand, each part with its origin, and a tokenizer with one token a byte.</summary>
internal sealed class MaskScene(params string[] specialTokens)
{
    private readonly StringBuilder _text = new();
    private readonly List<SourceSpan> _spans = [];
    private readonly List<(int Start, int End)> _generation = [];
    private int _open = -1;

    public PretrainedTokenizer Tokenizer { get; } = PretrainedTokenizer.Create(
        ByteTokenizer(specialTokens),
        specialTokens.Length == 0 ? new Dictionary<string, string>() : new() { ["eos_token"] = specialTokens[0] });

    /// <summary>Text that the template writes.</summary>
    public MaskScene Template(string text, string? field = null) => Add(text, null, field);

    /// <summary>Text that a message supplied.</summary>
    public MaskScene Message(int index, string field, string text) => Add(text, index, field);

    public MaskScene Generation()
    {
        _open = _text.Length;
        return this;
    }

    public MaskScene EndGeneration()
    {
        _generation.Add((_open, _text.Length));
        return this;
    }

    public MaskedChat Build(string messages, MaskOptions? options = null, string generationPrompt = "")
    {
        using var document = JsonDocument.Parse(messages);
        var rendered = new RenderedChat
        {
            Text = _text.ToString(),
            SourceMap = new SourceMap(_spans),
            GenerationSpans = _open < 0 ? null : _generation,
        };
        return MaskBuilder.Build(rendered, Tokenizer, document.RootElement, options, generationPrompt);
    }

    /// <summary>The stretches of the text that are trained, joined by a bar where something lies between.</summary>
    public static string Trained(MaskedChat chat)
    {
        var text = new StringBuilder();
        for (var i = 0; i < chat.Labels.Length; i++)
        {
            if (chat.Labels[i] == MaskedChat.Ignored)
            {
                continue;
            }

            if (text.Length > 0 && chat.Labels[i - 1] == MaskedChat.Ignored)
            {
                text.Append('|');
            }

            text.Append(chat.Rendered[chat.Encoding.CharOffsets[i].Start..chat.Encoding.CharOffsets[i].End]);
        }

        return text.ToString();
    }

    private MaskScene Add(string text, int? message, string? field)
    {
        _spans.Add(new SourceSpan(_text.Length, _text.Length + text.Length, 1, 1, message, field));
        _text.Append(text);
        return this;
    }

    private static Tokenizer ByteTokenizer(string[] specialTokens)
    {
        // GPT-2's alphabet, spelled out: printable Latin-1 stands for itself, other bytes for U+0100 and up.
        var alphabet = new Dictionary<string, int>();
        var next = 0x100;
        for (var b = 0; b < 256; b++)
        {
            var printable = b is (>= 33 and <= 126) or (>= 161 and <= 172) or (>= 174 and <= 255);
            alphabet[((char)(printable ? b : next++)).ToString()] = b;
        }

        return Workbench.Language.Tokenizers.Tokenizer.Parse(JsonSerializer.Serialize(new
        {
            added_tokens = specialTokens.Select((t, i) => new { id = 256 + i, content = t, special = true, normalized = false }),
            pre_tokenizer = new { type = "ByteLevel", add_prefix_space = false, trim_offsets = true, use_regex = true },
            model = new { type = "BPE", vocab = alphabet, merges = Array.Empty<string>() },
        }));
    }
}
