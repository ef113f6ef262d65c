using Workbench.Language.Chat.Masks;

namespace Workbench.Tests.Language.Chat.Masks;

public sealed class MaskBuilderTests
{
    private const string UserAssistant = """[{"role":"user","content":"Hi"},{"role":"assistant","content":"Yo"}]""";

    private static MaskScene ChatMl() => new MaskScene("<|im_end|>", "<|im_start|>")
        .Template("<|im_start|>").Message(0, "role", "user").Template("\n").Message(0, "content", "Hi").Template("<|im_end|>\n")
        .Template("<|im_start|>").Message(1, "role", "assistant").Template("\n");

    [Fact]
    public void The_answer_and_its_end_token_are_trained_but_neither_headers_nor_the_newline_behind()
    {
        var chat = ChatMl().Message(1, "content", "Yo").Template("<|im_end|>\n").Build(UserAssistant);

        Assert.Equal("Yo<|im_end|>", MaskScene.Trained(chat));
        Assert.Empty(chat.Warnings);
        Assert.Equal(chat.InputIds.Length, chat.Labels.Length);
        Assert.All(chat.Labels.Zip(chat.InputIds), p => Assert.True(p.First == p.Second || p.First == -100));
        Assert.Equal(3, chat.TrainedTokens);
    }

    [Fact]
    public void Each_token_says_why()
    {
        var chat = ChatMl().Message(1, "content", "Yo").Template("<|im_end|>\n").Build(UserAssistant);

        LabelKind At(string text) => chat.Reasons[Array.FindIndex(chat.Encoding.CharOffsets, o => o.Start == chat.Rendered.IndexOf(text, StringComparison.Ordinal))].Kind;
        Assert.Equal(LabelKind.OtherRole, At("Hi"));
        Assert.Equal(LabelKind.AssistantContent, At("Yo"));
        Assert.Equal(LabelKind.Template, At("<|im_start|>"));
        Assert.Equal(LabelKind.EndOfTurn, chat.Reasons[^2].Kind);
        Assert.Equal(LabelKind.Template, chat.Reasons[^1].Kind);
        Assert.All(chat.Reasons, r => Assert.StartsWith(r.Trained ? "Trained:" : "Not trained:", r.Sentence, StringComparison.Ordinal));
    }

    [Fact]
    public void An_end_token_before_the_next_header_in_one_literal_is_found()
    {
        var chat = new MaskScene("</s>", "<s>")
            .Template("<s>", "bos_token").Template("[INST] ").Message(0, "content", "Hi").Template(" [/INST] ")
            .Message(1, "content", "Yo").Template(" </s><s>[INST] ").Message(2, "content", "More").Template(" [/INST] ")
            .Message(3, "content", "Well").Template(" </s>")
            .Build("""[{"role":"user"},{"role":"assistant"},{"role":"user"},{"role":"assistant"}]""");

        Assert.Equal("Yo </s>|Well </s>", MaskScene.Trained(chat));
        Assert.Empty(chat.Warnings);
    }

    [Fact]
    public void The_header_token_of_the_next_turn_is_no_end_of_turn()
    {
        var chat = new MaskScene("<eos>", "<|turn|>")
            .Template("<|turn|>user ").Message(0, "content", "Hi").Template("<|turn|>bot ").Message(1, "content", "Yo")
            .Template("<|turn|>user ").Message(2, "content", "More")
            .Build("""[{"role":"user"},{"role":"assistant"},{"role":"user"}]""");

        Assert.Equal("Yo", MaskScene.Trained(chat));
        Assert.Contains("Message 1: the template writes nothing that ends the turn", Assert.Single(chat.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void An_end_tag_that_the_vocabulary_lacks_is_trained_as_text()
    {
        var chat = new MaskScene()
            .Template("<|im_start|>user\n").Message(0, "content", "Hi").Template("<|im_end|>\n<|im_start|>assistant\n")
            .Message(1, "content", "Yo").Template("<|im_end|>\n").Build(UserAssistant);

        Assert.Equal("Yo<|im_end|>", MaskScene.Trained(chat));
    }

    [Fact]
    public void Reasoning_and_the_tags_around_it_are_trained_together_or_left_out_together()
    {
        MaskedChat Build(MaskOptions options) => ChatMl()
            .Template("<think>\n").Message(1, "reasoning_content", "hm").Template("\n</think>\n\n").Message(1, "content", "Yo").Template("<|im_end|>\n")
            .Build(UserAssistant, options, "<|im_start|>assistant\n");

        Assert.Equal("<think>\nhm\n</think>\n\nYo<|im_end|>", MaskScene.Trained(Build(new())));
        Assert.Equal("Yo<|im_end|>", MaskScene.Trained(Build(new() { Reasoning = false })));
    }

    [Fact]
    public void Tool_calls_are_trained_with_their_syntax_or_left_out()
    {
        MaskedChat Build(MaskOptions options) => ChatMl()
            .Template("<tool_call>\n{\"name\": \"").Message(1, "tool_calls[0].function.name", "f").Template("\", \"arguments\": ")
            .Message(1, "tool_calls[0].function.arguments", "{}").Template("}\n</tool_call><|im_end|>\n")
            .Build(UserAssistant, options, "<|im_start|>assistant\n");

        Assert.Equal("<tool_call>\n{\"name\": \"f\", \"arguments\": {}}\n</tool_call><|im_end|>", MaskScene.Trained(Build(new())));
        var off = Build(new() { ToolCalls = false });
        Assert.Equal("", MaskScene.Trained(off));
        Assert.Contains("Nothing is trained", off.Warnings[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TrainOn.Assistant, """{"role":"assistant"}""", "A</s>|B</s>")]
    [InlineData(TrainOn.LastTurn, """{"role":"assistant"}""", "B</s>")]
    [InlineData(TrainOn.Assistant, """{"role":"assistant","train":false}""", "B</s>")]
    [InlineData(TrainOn.Assistant, """{"role":"assistant","weight":0}""", "B</s>")]
    [InlineData(TrainOn.All, """{"role":"assistant"}""", "qA</s>rB</s>")]
    public void Turns_are_picked_by_option_and_by_their_own_flag(TrainOn train, string first, string trained)
    {
        var chat = new MaskScene("</s>")
            .Message(0, "content", "q").Message(1, "content", "A").Template("</s>", "eos_token")
            .Message(2, "content", "r").Message(3, "content", "B").Template("</s>", "eos_token")
            .Build($$"""[{"role":"user"},{{first}},{"role":"user"},{"role":"assistant"}]""", new MaskOptions { Train = train });

        Assert.Equal(trained, MaskScene.Trained(chat));
    }

    [Fact]
    public void Generation_tags_give_transformers_mask_beside_the_labels_and_a_difference_is_reported()
    {
        // The tags leave out the end token, as many published templates do.
        MaskedChat Build(TrainOn train) => ChatMl().Generation().Message(1, "content", "Yo").EndGeneration().Template("<|im_end|>\n")
            .Build(UserAssistant, new MaskOptions { Train = train });

        var labels = Build(TrainOn.Assistant);
        Assert.Equal("Yo<|im_end|>", MaskScene.Trained(labels));
        Assert.Equal(2, labels.AssistantMasks!.Sum());
        Assert.Contains("the tags leave out the end of the turn", Assert.Single(labels.Warnings), StringComparison.Ordinal);
        Assert.Equal("Yo", MaskScene.Trained(Build(TrainOn.GenerationTags)));
    }

    [Fact]
    public void Choosing_tags_that_the_template_does_not_have_is_reported()
    {
        var chat = ChatMl().Message(1, "content", "Yo").Template("<|im_end|>\n").Build(UserAssistant, new MaskOptions { Train = TrainOn.GenerationTags });

        Assert.Equal(0, chat.TrainedTokens);
        Assert.Null(chat.AssistantMasks);
        Assert.Contains("no {% generation %} tags", chat.Warnings[0], StringComparison.Ordinal);
    }

    // Values from corpus/oracle.py, assistant_mask(offsets, spans).
    [Theory]
    [InlineData("0-3 3-5 5-9", "3-9", "0 1 1")]
    [InlineData("0-3 3-5 5-9", "0-2", "1 1 1")] // ends on token 0: the released flaw trains the rest
    [InlineData("0-3 3-5 5-9", "3-12", "0 1 1")] // ends on no token
    [InlineData("0-3 4-5 5-9", "3-5 5-9", "0 0 0")] // begins on no token: nothing more is looked at
    [InlineData("0-1 0-1 1-2 2-4", "0-2 3-4", "1 1 1 1")]
    [InlineData("0-2 2-4 4-6", "4-4", "0 0 0")]
    public void The_mask_of_generation_spans_is_the_one_that_transformers_releases(string offsets, string spans, string mask) =>
        Assert.Equal(mask, string.Join(' ', AssistantMask.Build(Pairs(offsets), Pairs(spans))));

    [Fact]
    public void A_prompt_is_not_trained_its_completion_and_the_eos_token_are()
    {
        var tokenizer = new MaskScene("</s>").Tokenizer;

        var chat = MaskBuilder.Build(tokenizer, "2+2=", " 4");

        Assert.Equal(" 4</s>", MaskScene.Trained(chat));
        Assert.Equal(LabelKind.Prompt, chat.Reasons[0].Kind);
        Assert.Equal(LabelKind.EndOfTurn, chat.Reasons[^1].Kind);
        Assert.Equal(256, chat.InputIds[^1]);
        Assert.Equal(256, chat.Labels[^1]);
        Assert.Empty(chat.Warnings);
        Assert.Equal(chat.InputIds, MaskBuilder.Build(tokenizer, "2+2=", " 4</s>").InputIds);
    }

    [Fact]
    public void Prompt_and_completion_keep_the_BOS_token_that_the_tokenizer_adds_and_do_not_train_it()
    {
        var tokenizer = Workbench.Language.Tokenizers.PretrainedTokenizer.Load(Shared.Require("assets/models/stories260K-hf"));

        var chat = MaskBuilder.Build(tokenizer, "Once upon", " a time");

        Assert.Equal(1, chat.InputIds[0]);
        Assert.Equal((LabelKind.Added, -100), (chat.Reasons[0].Kind, chat.Labels[0]));
        Assert.Equal(" a time</s>", MaskScene.Trained(chat));
    }

    [Fact]
    public void A_token_that_belongs_to_prompt_and_completion_is_reported()
    {
        var tokenizer = Workbench.Language.Tokenizers.PretrainedTokenizer.Load(Shared.Require("assets/models/stories260K-hf"));

        var chat = MaskBuilder.Build(tokenizer, "Once upon ", "the hill");

        Assert.Contains("belongs to the prompt and to the completion", Assert.Single(chat.Warnings), StringComparison.Ordinal);
    }

    private static (int, int)[] Pairs(string text) =>
        [.. text.Split(' ').Select(p => p.Split('-')).Select(p => (int.Parse(p[0], null), int.Parse(p[1], null)))];
}
