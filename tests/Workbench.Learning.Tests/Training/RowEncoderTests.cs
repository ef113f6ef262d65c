using System.Text;
using Workbench.Data.Formats;
using Workbench.Language.Chat.Presets;
using Workbench.Learning.Training;
using Workbench.Learning.Training.Batching;
using Workbench.Learning.Training.Sft;

namespace Workbench.Learning.Tests.Training;

public sealed class RowEncoderTests : IDisposable
{
    private static readonly string Plain = ChatPresets.All.Single(preset => preset.Name == "plain").Template;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private RunConfig Config(bool tokenizer = true)
    {
        Directory.CreateDirectory(_folder["m"]);
        if (tokenizer)
        {
            TinyTokenizer.Write(_folder["m"]);
        }

        return new RunConfig { ModelNameOrPath = _folder["m"], Dataset = "rows.jsonl", AssistantOnlyLoss = true, ChatTemplate = Plain };
    }

    private static TrainingRow Encode(RunConfig config, string row) =>
        new RowEncoder(config, SftLanguage.Load(config)).Encode(RowParser.Parse(Encoding.UTF8.GetBytes(row)), 1);

    /// <summary>Pieces of ids, each trained or not.</summary>
    private static void Expect(TrainingRow row, params (int[] Ids, bool Trained)[] pieces)
    {
        Assert.Equal(pieces.SelectMany(piece => piece.Ids), row.InputIds);
        Assert.Equal(pieces.SelectMany(piece => piece.Ids.Select(id => piece.Trained ? id : -100)), row.Labels);
    }

    private const string TwoTurns = """
        {"messages":[{"role":"system","content":"be good"},{"role":"user","content":"hi"},{"role":"assistant","content":"ok"},
        {"role":"user","content":"bye"},{"role":"assistant","content":"so long"}]}
        """;

    [Fact]
    public void Of_a_conversation_the_answers_and_their_ends_are_trained() => Expect(
        Encode(Config(), TwoTurns),
        ([TinyTokenizer.Bos, .. TinyTokenizer.Ids("System: be good\nUser: hi\nAssistant:")], false),
        ([.. TinyTokenizer.Ids(" ok"), TinyTokenizer.Eos], true),
        (TinyTokenizer.Ids("\nUser: bye\nAssistant:"), false),
        ([.. TinyTokenizer.Ids(" so long"), TinyTokenizer.Eos], true),
        (TinyTokenizer.Ids("\n"), false));

    [Fact]
    public void With_last_turn_only_loss_earlier_answers_are_context() => Expect(
        Encode(Config() with { LastTurnOnlyLoss = true }, TwoTurns),
        ([TinyTokenizer.Bos, .. TinyTokenizer.Ids("System: be good\nUser: hi\nAssistant: ok"), TinyTokenizer.Eos, .. TinyTokenizer.Ids("\nUser: bye\nAssistant:")], false),
        ([.. TinyTokenizer.Ids(" so long"), TinyTokenizer.Eos], true),
        (TinyTokenizer.Ids("\n"), false));

    [Fact]
    public void Without_assistant_only_loss_every_token_of_a_conversation_is_trained()
    {
        var row = Encode(Config() with { AssistantOnlyLoss = false }, TwoTurns);
        Assert.Equal(row.InputIds, row.Labels);
    }

    /// <summary>Explicit and implicit prompts (TRL's extract_prompt), as messages and as texts.</summary>
    [Theory]
    [InlineData("""{"prompt":[{"role":"user","content":"hi"}],"chosen":[{"role":"assistant","content":"ok"}],"rejected":[{"role":"assistant","content":"no"}]}""")]
    [InlineData("""{"chosen":[{"role":"user","content":"hi"},{"role":"assistant","content":"ok"}],"rejected":[{"role":"user","content":"hi"},{"role":"assistant","content":"no"}]}""")]
    public void Of_a_pair_of_conversations_the_answers_and_their_ends_are_labelled(string row)
    {
        var config = Config() with { Method = "dpo" };
        var pair = new RowEncoder(config, SftLanguage.Load(config)).EncodePair(RowParser.Parse(Encoding.UTF8.GetBytes(row)), 1);
        foreach (var (answer, text) in new[] { (pair.Chosen, " ok"), (pair.Rejected, " no") })
        {
            Expect(answer,
                ([TinyTokenizer.Bos, .. TinyTokenizer.Ids("User: hi\nAssistant:")], false),
                ([.. TinyTokenizer.Ids(text), TinyTokenizer.Eos], true),
                (TinyTokenizer.Ids("\n"), false));
        }
    }

    [Theory]
    [InlineData("""{"prompt":"hi","chosen":" ok","rejected":" no"}""")]
    [InlineData("""{"chosen":"hi ok","rejected":"hi no"}""")]
    public void Of_a_pair_of_texts_what_follows_the_prompt_is_labelled(string row)
    {
        var config = Config() with { Method = "dpo" };
        var pair = new RowEncoder(config, SftLanguage.Load(config)).EncodePair(RowParser.Parse(Encoding.UTF8.GetBytes(row)), 1);
        Expect(pair.Chosen, (TinyTokenizer.Ids("hi"), false), ([.. TinyTokenizer.Ids(" ok"), TinyTokenizer.Eos], true));
        Expect(pair.Rejected, (TinyTokenizer.Ids("hi"), false), ([.. TinyTokenizer.Ids(" no"), TinyTokenizer.Eos], true));
    }

    [Theory]
    [InlineData("dpo", """{"prompt":"a","completion":"b"}""", "method dpo needs chosen and rejected")]
    [InlineData("kto", """{"prompt":"a","completion":"b"}""", "method kto needs label: true")]
    [InlineData("sft", """{"chosen":"a","rejected":"b"}""", "are for the methods dpo, cpo and orpo")]
    [InlineData("dpo", """{"prompt":[{"role":"user","content":"a"}],"chosen":"a","rejected":"b"}""", "must all be texts, or all be lists")]
    [InlineData("dpo", """{"chosen":"a","rejected":["b"]}""", "they must be of one kind")]
    [InlineData("dpo", """{"chosen":{"input_ids":[1]},"rejected":{"input_ids":[]}}""", "rejected.input_ids is empty")]
    public void A_row_of_another_method_is_refused_with_what_is_needed(string method, string row, string message)
    {
        var config = Config() with { Method = method };
        var encoder = new RowEncoder(config, SftLanguage.Load(config));
        var error = Assert.Throws<RowFormatException>(() =>
        {
            var parsed = RowParser.Parse(Encoding.UTF8.GetBytes(row));
            _ = method switch
            {
                "sft" => (object)encoder.Encode(parsed, 1),
                "kto" => encoder.EncodeJudged(parsed, 1),
                _ => encoder.EncodePair(parsed, 1),
            };
        });
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_prompt_and_completion_the_completion_and_its_end_are_trained() => Expect(
        Encode(Config(), """{"prompt":"hi ","completion":"ok"}"""),
        (TinyTokenizer.Ids("hi "), false),
        ([.. TinyTokenizer.Ids("ok"), TinyTokenizer.Eos], true));

    [Fact]
    public void Answers_within_a_prompt_are_not_trained() => Expect(
        Encode(Config(), """
            {"prompt":[{"role":"user","content":"hi"},{"role":"assistant","content":"ok"},{"role":"user","content":"bye"}],
            "completion":[{"role":"assistant","content":"so long"}]}
            """),
        ([TinyTokenizer.Bos, .. TinyTokenizer.Ids("User: hi\nAssistant: ok"), TinyTokenizer.Eos, .. TinyTokenizer.Ids("\nUser: bye\nAssistant:")], false),
        ([.. TinyTokenizer.Ids(" so long"), TinyTokenizer.Eos], true),
        (TinyTokenizer.Ids("\n"), false));

    [Fact]
    public void Plain_text_is_trained_whole_and_its_end_with_it() =>
        Expect(Encode(Config(), """{"text":"once"}"""), ([.. TinyTokenizer.Ids("once"), TinyTokenizer.Eos], true));

    [Fact]
    public void Rows_of_ids_need_neither_template_nor_tokenizer()
    {
        var config = Config(tokenizer: false) with { ChatTemplate = null };
        Expect(Encode(config, """{"input_ids":[4,5],"labels":[-100,5]}"""), ([4], false), ([5], true));
        Expect(Encode(config, """{"input_ids":[4,5]}"""), ([4, 5], true));
        Assert.Contains("holds no tokenizer.json", Assert.Throws<TrainingException>(() => Encode(config, """{"text":"a"}""")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_conversation_without_a_template_and_a_template_that_fails_are_named()
    {
        var missing = Assert.Throws<TrainingException>(() => Encode(Config() with { ChatTemplate = null }, TwoTurns));
        Assert.Contains("the model brings no chat template", missing.Message, StringComparison.Ordinal);
        var failing = Assert.Throws<RowEncodingException>(() => Encode(Config() with { ChatTemplate = "{{ raise_exception('no system role') }}" }, TwoTurns));
        Assert.Contains("no system role", failing.Message, StringComparison.Ordinal);
        Assert.Throws<TrainingException>(() => Encode(Config() with { ChatTemplate = "{% for %}" }, TwoTurns));
        var file = Config() with { ChatTemplate = null, ChatTemplatePath = _folder["none.jinja"] };
        Assert.Contains("none.jinja cannot be read", Assert.Throws<TrainingException>(() => Encode(file, TwoTurns)).Message, StringComparison.Ordinal);
        File.WriteAllText(_folder["t.jinja"], Plain);
        Assert.NotEmpty(Encode(file with { ChatTemplatePath = _folder["t.jinja"] }, TwoTurns).InputIds);
    }
}
