using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data.Formats;
using Workbench.Language.Chat.Masks;
using Workbench.Language.Chat.Templates;
using Workbench.Language.Tokenizers;
using Workbench.Learning.Models.Hub;
using Workbench.Learning.Training.Batching;
using Workbench.Learning.Training.Grpo;
using Workbench.Learning.Training.Preference;

namespace Workbench.Learning.Training.Sft;

/// <summary>
/// Turns a row of any known shape into ids and labels: by the same template, tokenizer and mask builder as the preview, so that
/// what a page shows is what is trained.
/// </summary>
internal sealed class RowEncoder(RunConfig config, SftLanguage language)
{
    /// <summary>A row of supervised fine-tuning.</summary>
    /// <exception cref="RowEncodingException">Template or tokenizer cannot render the row.</exception>
    /// <exception cref="TrainingException">The run has no template or tokenizer for rows of this shape.</exception>
    public TrainingRow Encode(Row row, int line) => Explained(() => row.Shape switch
    {
        RowShape.Tokenized => Tokenized(row.Json, line),
        RowShape.Text => Text(row.Json.GetProperty("text").GetString()!, line),
        RowShape.Messages => Conversation(row.Json, line),
        RowShape.Preference => throw new RowFormatException(
            "chosen and rejected are for the methods dpo, cpo and orpo; sft needs messages, prompt and completion, or text"),
        RowShape.Prompt => throw new RowFormatException("the row is a prompt without an answer; sample or write one first"),
        _ => PromptCompletion(row.Json, line, config.CompletionOnlyLoss ?? true ? TrainOn.Assistant : TrainOn.All),
    });

    /// <summary>A document of continued pretraining: a text, or a conversation as its template writes it; every token is trained.</summary>
    /// <inheritdoc cref="Encode" path="/exception"/>
    public TrainingRow EncodeText(Row row, int line) => Explained(() => row.Shape switch
    {
        RowShape.Tokenized => Tokenized(row.Json, line),
        RowShape.Text => Text(row.Json.GetProperty("text").GetString()!, line),
        RowShape.Messages => Masked(row.Json, row.Json.GetProperty("messages"), TrainOn.All, line),
        RowShape.PromptCompletion => PromptCompletion(row.Json, line, TrainOn.All),
        _ => throw new RowFormatException("method pretrain needs text (or messages, or prompt and completion)"),
    });

    /// <summary>A pair of answers; only the answers are labelled.</summary>
    /// <inheritdoc cref="Encode" path="/exception"/>
    public PreferenceRow EncodePair(Row row, int line) => Explained(() =>
    {
        if (row.Shape != RowShape.Preference)
        {
            throw new RowFormatException($"method {config.Method} needs chosen and rejected (and prompt)");
        }

        var (chosen, rejected) = (row.Json.GetProperty("chosen"), row.Json.GetProperty("rejected"));
        if (chosen.ValueKind == JsonValueKind.Object)
        {
            return new PreferenceRow(Tokenized(chosen, line), Tokenized(rejected, line));
        }

        var (prompt, better, worse) = PreferencePrompt.Split(row.Json, chosen, rejected);
        return new PreferenceRow(Answer(row.Json, prompt, better, line), Answer(row.Json, prompt, worse, line));
    });

    /// <summary>An answer that was found good or bad (<c>label</c>).</summary>
    /// <inheritdoc cref="Encode" path="/exception"/>
    public JudgedRow EncodeJudged(Row row, int line) => Explained(() =>
    {
        if (!row.Json.TryGetProperty("label", out var label) || label.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            throw new RowFormatException("method kto needs label: true for a good answer, false for a bad one");
        }

        var answer = row.Shape switch
        {
            RowShape.Tokenized => Tokenized(row.Json, line),
            RowShape.PromptCompletion => PromptCompletion(row.Json, line, TrainOn.Assistant),
            _ => throw new RowFormatException("method kto needs prompt, completion and label"),
        };
        return new JudgedRow(answer, label.GetBoolean());
    });

    /// <summary>A prompt up to where its answer begins: of a conversation, what stands before its last turn of the assistant, if that is its end.</summary>
    /// <param name="row">Prompt, or messages.</param>
    /// <param name="line">Of the file.</param>
    /// <param name="room">Tokens that it may have.</param>
    /// <param name="check">Says why the rewards cannot judge answers to the row; null where they can.</param>
    /// <inheritdoc cref="Encode" path="/exception"/>
    public PromptRow EncodePrompt(Row row, int line, int room, Func<Row, string?> check) => Explained(() =>
    {
        var prompt = row.Shape switch
        {
            RowShape.Prompt or RowShape.PromptCompletion => row.Json.GetProperty("prompt"),
            RowShape.Messages => RowPrompt.BeforeAnswer(row.Json.GetProperty("messages")),
            _ => throw new RowFormatException("method grpo needs prompt (or messages), and the column that its rewards compare with"),
        };
        if (check(row) is { } problem)
        {
            throw new RowFormatException(problem);
        }

        var ids = prompt.ValueKind == JsonValueKind.String
            ? Tokenizer.Tokenizer.Encode(prompt.GetString()!).Ids
            : Tokenizer.Tokenizer.Encode(Template.Render(PromptRequest(row.Json, prompt)).Text, addSpecialTokens: false).Ids;
        return ids.Length >= 1 && ids.Length <= room
            ? new PromptRow(new TrainingRow(ids, ids, line), row)
            : throw new RowFormatException(
                $"the prompt has {ids.Length} tokens, but there is room for 1 to {Math.Max(0, room)} beside an answer of max_completion_length ({config.MaxCompletionLength}) in the model's context");
    });

    private ChatRequest PromptRequest(JsonElement row, JsonElement messages)
    {
        var kwargs = row.TryGetProperty("chat_template_kwargs", out var given) && given.ValueKind == JsonValueKind.Object ? JsonObject.Create(given)! : [];
        kwargs["add_generation_prompt"] = true;
        return new ChatRequest
        {
            Messages = messages,
            Tools = row.TryGetProperty("tools", out var tools) && tools.ValueKind == JsonValueKind.Array ? tools : null,
            Kwargs = JsonSerializer.SerializeToElement(kwargs),
            SpecialTokens = Tokenizer.SpecialTokens.ToDictionary(token => token.Key, token => (string?)token.Value, StringComparer.Ordinal),
        };
    }

    private static T Explained<T>(Func<T> encode)
    {
        try
        {
            return encode();
        }
        catch (Exception error) when (error is TemplateException or TokenizerException)
        {
            throw new RowEncodingException(error.Message, error);
        }
    }

    /// <summary>The model's.</summary>
    /// <exception cref="TrainingException">It has none.</exception>
    public PretrainedTokenizer Tokenizer =>
        language.Tokenizer ?? throw new TrainingException(PretrainedModel.NoTokenizer(config.ModelNameOrPath).Message);

    private ChatTemplate Template => language.Template ?? throw new TrainingException(
        $"{config.Dataset} holds conversations, but the model brings no chat template: give one as chat_template or chat_template_path.");

    private static TrainingRow Tokenized(JsonElement row, int line)
    {
        static int[] Ids(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetInt32())];
        var ids = Ids(row.GetProperty("input_ids"));
        var labels = row.TryGetProperty("labels", out var given) ? Ids(given) : ids;
        return row.TryGetProperty("weights", out var weights)
            ? Weighted(new TrainingRow(ids, labels, line), weights)
            : new TrainingRow(ids, labels, line);
    }

    /// <summary>A weight for each token; one of 0 trains nothing, as a label of -100 does.</summary>
    private static TrainingRow Weighted(TrainingRow row, JsonElement weights)
    {
        static float Weight(JsonElement value) =>
            value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out var weight) && weight is >= 0 and < float.PositiveInfinity
                ? weight
                : throw new RowFormatException($"weights must be numbers of at least 0, unlike {value.GetRawText()}");
        float[] values = weights.ValueKind == JsonValueKind.Array && weights.GetArrayLength() == row.InputIds.Length
            ? [.. weights.EnumerateArray().Select(Weight)]
            : throw new RowFormatException($"weights must be a list of {row.InputIds.Length} numbers, one for each of input_ids");
        return row with { Labels = [.. row.Labels.Zip(values, (label, weight) => weight > 0 ? label : TrainingRow.Ignored)], Weights = values };
    }

    /// <summary>Continued pretraining: every token is trained, and the end of the text too, as TRL does.</summary>
    private TrainingRow Text(string text, int line)
    {
        var ids = Tokenizer.Tokenizer.Encode(text).Ids;
        if (Tokenizer.EosTokenId is { } eos && (ids.Length == 0 || ids[^1] != eos))
        {
            ids = [.. ids, eos];
        }

        return new TrainingRow(ids, ids, line);
    }

    private TrainingRow Conversation(JsonElement row, int line) =>
        Masked(row, row.GetProperty("messages"), config.LastTurnOnlyLoss ? TrainOn.LastTurn : config.AssistantOnlyLoss ? TrainOn.Assistant : TrainOn.All, line);

    private TrainingRow PromptCompletion(JsonElement row, int line, TrainOn train) =>
        Answer(row, row.GetProperty("prompt"), row.GetProperty("completion"), line, train);

    private TrainingRow Answer(JsonElement row, JsonElement prompt, JsonElement completion, int line, TrainOn train = TrainOn.Assistant) =>
        (prompt.ValueKind, completion.ValueKind) switch
    {
        (JsonValueKind.String, JsonValueKind.String) => Row(
            MaskBuilder.Build(Tokenizer, prompt.GetString()!, completion.GetString()!, new MaskOptions { Train = train }), line),
        (JsonValueKind.Array, JsonValueKind.Array) => Masked(row, Join(prompt, completion), train, line),
        _ => throw new RowFormatException("prompt and completion must both be texts, or both be lists of messages"),
    };

    /// <summary>One conversation of both, in which the assistant's turns of the prompt are not to be trained.</summary>
    private static JsonElement Join(JsonElement prompt, JsonElement completion)
    {
        var messages = new JsonArray();
        foreach (var message in prompt.EnumerateArray())
        {
            var copy = JsonObject.Create(message)!;
            copy["train"] = false;
            messages.Add(copy);
        }

        foreach (var message in completion.EnumerateArray())
        {
            messages.Add(JsonObject.Create(message));
        }

        return JsonSerializer.SerializeToElement(messages);
    }

    private TrainingRow Masked(JsonElement row, JsonElement messages, TrainOn train, int line)
    {
        JsonElement? Optional(string key) =>
            row.TryGetProperty(key, out var value) && value.ValueKind is JsonValueKind.Array or JsonValueKind.Object ? value : null;
        var request = new ChatRequest
        {
            Messages = messages,
            Tools = Optional("tools"),
            Documents = Optional("documents"),
            Kwargs = Optional("chat_template_kwargs"),
        };
        return Row(MaskBuilder.Build(Template, Tokenizer, request, new MaskOptions { Train = train }), line);
    }

    private static TrainingRow Row(MaskedChat masked, int line) => new(masked.InputIds, masked.Labels, line);
}
