using System.Text.Json.Nodes;
using Workbench.Language.Tokenizers;
using Workbench.Language.Tokenizers.Saving;

namespace Workbench.Tests.Language.Tokenizers;

public sealed class PretrainedTokenizerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("workbench-tokenizer").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Stories260K_stops_on_both_of_its_end_tokens()
    {
        var tokenizer = PretrainedTokenizer.Load(Shared.Require("assets/models/stories260K-hf"));

        Assert.Equal([1, 2], tokenizer.StopIds);
        Assert.Equal((1, 2, 2), (tokenizer.BosTokenId, tokenizer.EosTokenId, tokenizer.PadTokenId));
        Assert.Equal(512, tokenizer.Tokenizer.VocabularySize);
        Assert.Equal(512, tokenizer.ModelMaxLength);
        Assert.Null(tokenizer.ChatTemplate);
    }

    [Fact]
    public void Template_files_stand_in_place_of_what_the_config_holds()
    {
        WriteTokenizer();
        Write("tokenizer_config.json", """
            {"chat_template":[{"name":"default","template":"old"},{"name":"tool_use","template":"tools"}],"eos_token":{"content":"b"},"model_max_length":1e30}
            """);
        Write("chat_template.jinja", "new");
        Directory.CreateDirectory(Path.Combine(_folder, "additional_chat_templates"));
        Write("additional_chat_templates/rag.jinja", "rag");
        Write("config.json", """{"eos_token_id":0}""");

        var tokenizer = PretrainedTokenizer.Load(_folder);

        Assert.Equal("new", tokenizer.ChatTemplate);
        Assert.Equal(["default", "rag"], tokenizer.ChatTemplates.Keys.Order());
        Assert.Equal([0, 1], tokenizer.StopIds);
        Assert.Null(tokenizer.ModelMaxLength);
        Assert.Null(tokenizer.PadTokenId);
    }

    [Theory]
    [InlineData("""{"eos_token":"a"}""", "b")]
    [InlineData("""{"eos_token":"a","added_tokens_decoder":{}}""", "a")]
    public void The_special_tokens_map_counts_only_without_an_added_tokens_decoder(string config, string eos)
    {
        WriteTokenizer();
        Write("tokenizer_config.json", config);
        Write("special_tokens_map.json", """{"eos_token":"b"}""");

        Assert.Equal(eos, PretrainedTokenizer.Load(_folder).SpecialTokens["eos_token"]);
    }

    [Fact]
    public void A_list_of_named_templates_is_read_from_the_config()
    {
        WriteTokenizer();
        Write("tokenizer_config.json", """{"chat_template":[{"name":"default","template":"a"},{"name":"tool_use","template":"b"}]}""");

        var templates = PretrainedTokenizer.Load(_folder).ChatTemplates;

        Assert.Equal(("a", "b"), (templates["default"], templates["tool_use"]));
    }

    [Fact]
    public void A_silent_config_leaves_the_special_tokens_to_the_model_type()
    {
        WriteTokenizer();
        Write("config.json", """{"model_type":"qwen3"}""");

        Assert.Equal("<|endoftext|>", PretrainedTokenizer.Load(_folder).SpecialTokens["eos_token"]);
    }

    [Theory]
    [InlineData("assets/models/stories260K-hf")]
    [InlineData("assets/models/tinystories656k-clean")]
    [InlineData("assets/tokenizers/minimind")]
    public void What_is_saved_is_field_by_field_what_transformers_saved(string model)
    {
        var source = Shared.Require(model);

        SavedTokenizer.Write(source, _folder);

        var (official, saved) = (Json(source, "tokenizer_config.json"), Json(_folder, "tokenizer_config.json"));
        Assert.All(official, field => Assert.True(JsonNode.DeepEquals(field.Value, saved[field.Key]), field.Key));
        Assert.Equal(official.Select(field => field.Key).Order(), saved.Select(field => field.Key).Order());
        if (File.Exists(Path.Combine(source, "special_tokens_map.json")))
        {
            Assert.Equal(Contents(Json(source, "special_tokens_map.json")), Contents(Json(_folder, "special_tokens_map.json")));
        }

        var (before, after) = (PretrainedTokenizer.Load(source), PretrainedTokenizer.Load(_folder));
        Assert.Equal(before.SpecialTokens, after.SpecialTokens);
        Assert.Equal(before.AdditionalSpecialTokens, after.AdditionalSpecialTokens);
        Assert.Equal(before.ChatTemplates, after.ChatTemplates);
        Assert.Equal(before.Tokenizer.AddedTokens, after.Tokenizer.AddedTokens);
    }

    [Fact]
    public void A_tokenizer_of_an_older_kind_is_saved_as_a_fast_one_with_its_named_templates()
    {
        var source = Directory.CreateDirectory(Path.Combine(_folder, "old")).FullName;
        File.WriteAllText(Path.Combine(source, "vocab.json"), """{"a":0,"b":1,"ab":2,"<|endoftext|>":3}""");
        File.WriteAllText(Path.Combine(source, "merges.txt"), "#version: 0.2\na b\n");
        File.WriteAllText(Path.Combine(source, "tokenizer_config.json"), """
            {"tokenizer_class":"GPT2Tokenizer","chat_template":[{"name":"default","template":"x"},{"name":"rag","template":"y"}]}
            """);
        var target = Directory.CreateDirectory(Path.Combine(_folder, "new")).FullName;

        SavedTokenizer.Write(source, target);

        var saved = PretrainedTokenizer.Load(target);
        Assert.Equal([2, 3], saved.Tokenizer.Encode("ab<|endoftext|>").Ids);
        Assert.Equal(3, saved.EosTokenId);
        Assert.Equal(("x", "y"), (saved.ChatTemplates["default"], saved.ChatTemplates["rag"]));
    }

    [Fact]
    public void A_template_whose_name_is_a_path_is_not_written()
    {
        WriteTokenizer();
        Write("tokenizer_config.json", """{"chat_template":[{"name":"../../evil","template":"x"}]}""");

        Assert.Contains("evil", Assert.Throws<TokenizerException>(() => SavedTokenizer.Write(_folder, _folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_file_is_named()
    {
        WriteTokenizer();
        Write("generation_config.json", "{");

        var error = Assert.Throws<TokenizerException>(() => PretrainedTokenizer.Load(_folder));

        Assert.Contains("generation_config.json is no valid JSON", error.Message, StringComparison.Ordinal);
    }

    private static JsonObject Json(string folder, string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(folder, name)))!.AsObject();

    private static Dictionary<string, string> Contents(JsonObject map) => map.ToDictionary(
        field => field.Key, field => (field.Value is JsonObject token ? token["content"] : field.Value)!.ToString());

    private void WriteTokenizer() =>
        Write("tokenizer.json", """{"added_tokens":[],"model":{"type":"BPE","vocab":{"a":0,"b":1},"merges":[]}}""");

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
}
