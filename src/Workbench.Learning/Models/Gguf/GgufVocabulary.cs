using System.Globalization;
using System.Text.Json;
using Workbench.Language.Tokenizers;

namespace Workbench.Learning.Models.Gguf;

/// <summary>A model's tokenizer and chat template under llama.cpp's keys, so that the file needs nothing beside it.</summary>
internal static class GgufVocabulary
{
    /// <summary>Numbers of llama.cpp's <c>llama_token_type</c>.</summary>
    private enum TokenType
    {
        Normal = 1,
        Unknown = 2,
        Control = 3,
        UserDefined = 4,
        Unused = 5,
        Byte = 6,
    }

    /// <param name="metadata">What to add to.</param>
    /// <param name="directory">Folder with tokenizer.json.</param>
    /// <param name="rows">Rows of the embedding: as many tokens must be named.</param>
    /// <exception cref="ModelException">llama.cpp has no tokenizer that splits text as this one does.</exception>
    public static void Add(GgufMetadata metadata, string directory, int rows)
    {
        var path = Path.Combine(directory, "tokenizer.json");
        var pretrained = Load(directory);
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        var root = json.RootElement;
        var model = root.GetProperty("model");
        if (pretrained.Tokenizer.Components.Model != "BPE" || Affixed(model))
        {
            throw Unwritable(path, $"its model is {pretrained.Tokenizer.Components.Model}, and only plain BPE can be written");
        }

        if (pretrained.Tokenizer.VocabularySize > rows)
        {
            throw new ModelException($"{path} has {pretrained.Tokenizer.VocabularySize} tokens, but the model {rows} rows: add the rows first (Add tokens on the model's page).");
        }

        if (Flag(model, "byte_fallback"))
        {
            var (scores, spacePrefix) = GgufSentencePiece.Read(root, path);
            AddTokens(metadata, "llama", "default", pretrained.Tokenizer, rows);
            metadata.Add("tokenizer.ggml.scores", [.. Enumerable.Range(0, rows).Select(id => scores.GetValueOrDefault(id, GgufSentencePiece.NoScore))]);
            metadata.Add("tokenizer.ggml.add_space_prefix", spacePrefix);
        }
        else
        {
            AddTokens(metadata, "gpt2", ByteLevel(root, model, path), pretrained.Tokenizer, rows);
            metadata.Add("tokenizer.ggml.merges", [.. Merges(model).Select(merge => $"{merge.Left} {merge.Right}")]);
        }

        AddSpecialTokens(metadata, pretrained, path);
        AddTemplates(metadata, pretrained);
    }

    /// <summary>The pairs of <c>merges</c>, first merged first; both ways in which tokenizer.json writes them.</summary>
    internal static IEnumerable<(string Left, string Right)> Merges(JsonElement model)
    {
        foreach (var merge in model.GetProperty("merges").EnumerateArray())
        {
            if (merge.ValueKind == JsonValueKind.Array)
            {
                yield return (merge[0].GetString()!, merge[1].GetString()!);
            }
            else
            {
                var text = merge.GetString()!;
                var space = text.IndexOf(' ', StringComparison.Ordinal);
                yield return (text[..space], text[(space + 1)..]);
            }
        }
    }

    internal static ModelException Unwritable(string path, string why) =>
        new($"{path} cannot be written into a GGUF file: {why}, so llama.cpp would split text otherwise than the model was trained on. Export a Hugging Face folder instead.");

    internal static bool Flag(JsonElement node, string name) => node.TryGetProperty(name, out var flag) && flag.ValueKind == JsonValueKind.True;

    private static PretrainedTokenizer Load(string directory)
    {
        try
        {
            return PretrainedTokenizer.Load(directory);
        }
        catch (TokenizerException error)
        {
            throw new ModelException(error.Message, error);
        }
    }

    private static bool Affixed(JsonElement model)
    {
        return Has("continuing_subword_prefix") || Has("end_of_word_suffix");

        bool Has(string name) => model.TryGetProperty(name, out var affix) && affix.ValueKind == JsonValueKind.String && affix.GetString()!.Length > 0;
    }

    private static string ByteLevel(JsonElement root, JsonElement model, string path)
    {
        if (!root.TryGetProperty("decoder", out var decoder) || decoder.ValueKind != JsonValueKind.Object || decoder.GetProperty("type").GetString() != "ByteLevel")
        {
            throw Unwritable(path, "it has neither byte_fallback, as SentencePiece's tokenizers, nor bytes for characters, as GPT-2's; llama.cpp knows BPE in these two forms");
        }

        if (root.TryGetProperty("normalizer", out var normalizer) && normalizer.ValueKind == JsonValueKind.Object && normalizer.GetProperty("type").GetString() is var type and not "NFC")
        {
            throw Unwritable(path, $"llama.cpp has no normalizer like its {type}");
        }

        return root.TryGetProperty("pre_tokenizer", out var pre) && GgufPreTokenizer.NameOf(pre, Flag(model, "ignore_merges")) is { } name
            ? name
            : throw Unwritable(path, "llama.cpp has no pre-tokenizer like its own (GPT-2's, SmolLM's, Llama 3's, Qwen 2's and Tekken's can be written)");
    }

    private static void AddTokens(GgufMetadata metadata, string model, string pre, Tokenizer tokenizer, int rows)
    {
        metadata.Add("tokenizer.ggml.model", model);
        metadata.Add("tokenizer.ggml.pre", pre);
        var added = tokenizer.AddedTokens.Select(token => token.Id).ToHashSet();
        var tokens = new string[rows];
        var types = new int[rows];
        for (var id = 0; id < rows; id++)
        {
            var token = tokenizer.IdToToken(id);
            tokens[id] = token ?? string.Create(CultureInfo.InvariantCulture, $"[PAD{id}]");
            types[id] = (int)(token is null ? TokenType.Unused
                : model == "llama" && token == "<unk>" ? TokenType.Unknown
                : added.Contains(id) ? (tokenizer.IsSpecial(id) || LooksSpecial(token) ? TokenType.Control : TokenType.UserDefined)
                : model == "llama" && GgufSentencePiece.IsByte(token) ? TokenType.Byte
                : TokenType.Normal);
        }

        metadata.Add("tokenizer.ggml.tokens", tokens);
        metadata.Add("tokenizer.ggml.token_type", types);
    }

    /// <summary>llama.cpp's converter mends tokenizers that forget to call their control tokens special.</summary>
    private static bool LooksSpecial(string token) =>
        token is "<pad>" or "<mask>"
        || (token.StartsWith("<|", StringComparison.Ordinal) && token.EndsWith("|>", StringComparison.Ordinal))
        || (token.StartsWith("<｜", StringComparison.Ordinal) && token.EndsWith("｜>", StringComparison.Ordinal));

    private static void AddSpecialTokens(GgufMetadata metadata, PretrainedTokenizer pretrained, string path)
    {
        var tokenizer = pretrained.Tokenizer;
        var eos = pretrained.EosTokenId ?? pretrained.StopIds.Select(id => (int?)id).FirstOrDefault();
        Id("bos_token_id", pretrained.BosTokenId);
        Id("eos_token_id", eos);
        Id("unknown_token_id", Named("unk_token"));
        Id("seperator_token_id", Named("sep_token")); // llama.cpp's spelling
        Id("padding_token_id", pretrained.PadTokenId);
        Id("mask_token_id", Named("mask_token"));

        // llama.cpp ends an answer at eos, eot and eom: the other ids at which this model does take the other two places.
        var others = pretrained.StopIds.Where(id => id != eos).Take(2).ToList();
        Id("eot_token_id", others.Count > 0 ? others[0] : null);
        Id("eom_token_id", others.Count > 1 ? others[1] : null);

        var plain = tokenizer.Encode("a", addSpecialTokens: false).Ids.ToList();
        var whole = tokenizer.Encode("a").Ids.ToList();
        var before = whole.Count > plain.Count && pretrained.BosTokenId is { } bos && whole[0] == bos;
        var behind = whole.Count > plain.Count + (before ? 1 : 0) && eos is { } end && whole[^1] == end;
        if (whole.Count - plain.Count != (before ? 1 : 0) + (behind ? 1 : 0))
        {
            throw Unwritable(path, "its post-processor adds more than the bos token before and the eos token behind a text");
        }

        metadata.Add("tokenizer.ggml.add_bos_token", before);
        metadata.Add("tokenizer.ggml.add_eos_token", behind);

        int? Named(string name) => pretrained.SpecialTokens.TryGetValue(name, out var token) ? tokenizer.TokenToId(token) : null;

        void Id(string name, int? id)
        {
            if (id is { } known)
            {
                metadata.Add($"tokenizer.ggml.{name}", (uint)known);
            }
        }
    }

    private static void AddTemplates(GgufMetadata metadata, PretrainedTokenizer pretrained)
    {
        var named = pretrained.ChatTemplates.Where(template => template.Key != "default").ToList();
        if (named.Count > 0)
        {
            metadata.Add("tokenizer.chat_templates", [.. named.Select(template => template.Key)]);
            named.ForEach(template => metadata.Add($"tokenizer.chat_template.{template.Key}", template.Value));
        }

        if (pretrained.ChatTemplate is { } template)
        {
            metadata.Add("tokenizer.chat_template", template);
        }
    }
}
