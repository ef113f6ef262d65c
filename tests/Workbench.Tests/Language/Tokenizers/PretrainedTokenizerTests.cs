using Workbench.Language.Tokenizers;

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
    public void A_template_file_wins_over_the_config_and_named_templates_are_kept()
    {
        WriteTokenizer();
        Write("tokenizer_config.json", """
            {"chat_template":[{"name":"default","template":"old"},{"name":"tool_use","template":"tools"}],"eos_token":{"content":"b"},"model_max_length":1e30}
            """);
        Write("chat_template.jinja", "new");
        Write("config.json", """{"eos_token_id":0}""");

        var tokenizer = PretrainedTokenizer.Load(_folder);

        Assert.Equal("new", tokenizer.ChatTemplate);
        Assert.Equal("tools", tokenizer.ChatTemplates["tool_use"]);
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
    public void A_broken_file_is_named()
    {
        WriteTokenizer();
        Write("generation_config.json", "{");

        var error = Assert.Throws<TokenizerException>(() => PretrainedTokenizer.Load(_folder));

        Assert.Contains("generation_config.json is no valid JSON", error.Message, StringComparison.Ordinal);
    }

    private void WriteTokenizer() =>
        Write("tokenizer.json", """{"added_tokens":[],"model":{"type":"BPE","vocab":{"a":0,"b":1},"merges":[]}}""");

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
}
