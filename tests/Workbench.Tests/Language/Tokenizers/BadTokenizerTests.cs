using System.Diagnostics;
using System.Text;
using Workbench.Language.Tokenizers;

namespace Workbench.Tests.Language.Tokenizers;

/// <summary>Files that cannot be used: each a clear error that names the place and the remedy.</summary>
public sealed class BadTokenizerTests
{
    private const string Model = """ "model":{"type":"BPE","vocab":{"a":0,"b":1},"merges":[]} """;

    [Theory]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0,"b":1},"merges":["a b"]}}""", "model.merges[0]", "the token \"ab\" is not in the vocabulary")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0,"ab":1},"merges":["a b"]}}""", "model.merges[0]", "\"b\"")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0},"merges":["a"]}}""", "model.merges[0]", "expected two tokens")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0,"b":0},"merges":[]}}""", "model.vocab", "\"a\" and \"b\" both have the id 0")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0,"a":1},"merges":[]}}""", "model.vocab", "stands there twice")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":-1},"merges":[]}}""", "model.vocab", "no whole number from 0 on")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":2000000000},"merges":[]}}""", "model.vocab", "exceeds the limit")]
    [InlineData("""{"model":{"type":"BPE","dropout":0.1,"vocab":{"a":0},"merges":[]}}""", "model.dropout", "Set it to null")]
    [InlineData("""{"model":{"type":"Neural"}}""", "model.type", "\"Neural\" is unknown")]
    [InlineData("""{"model":{"type":"Unigram","vocab":[["a",0]],"unk_id":7}}""", "model.unk_id", "outside the vocabulary")]
    [InlineData("""{}""", "model", "needs a model")]
    [InlineData("""{"normalizer":{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Rot13"}]},MODEL}""", "normalizer.normalizers[1].type", "\"Rot13\" is unknown")]
    [InlineData("""{"normalizer":{"type":"Precompiled","precompiled_charsmap":"AAAA"},MODEL}""", "normalizer.precompiled_charsmap", "Copy the file again")]
    [InlineData("""{"pre_tokenizer":{"type":"Split","pattern":{"Regex":"(a"},"behavior":"Isolated"},MODEL}""", "pre_tokenizer.pattern.Regex", "a group is not closed")]
    [InlineData("""{"pre_tokenizer":{"type":"Split","pattern":{"String":"a"},"behavior":"Eaten"},MODEL}""", "pre_tokenizer.behavior", "MergedWithNext")]
    [InlineData("""{"post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>","type_id":0}}],"pair":[],"special_tokens":{}},MODEL}""", "post_processor.single[0].SpecialToken.id", "not among special_tokens")]
    [InlineData("""{"decoder":{"type":"Scream"},MODEL}""", "decoder.type", "\"Scream\" is unknown")]
    [InlineData("""{"added_tokens":[{"id":"x","content":"y"}],MODEL}""", "added_tokens[0].id", "expected a whole number")]
    public void The_error_names_the_JSON_path_and_the_trouble(string json, string path, string trouble)
    {
        var error = Assert.Throws<TokenizerException>(() => Tokenizer.Parse(json.Replace("MODEL", Model, StringComparison.Ordinal)));

        Assert.Equal(path, error.JsonPath);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(trouble, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[[[[")]
    public void What_is_no_tokenizer_is_refused(string json) =>
        Assert.Throws<TokenizerException>(() => Tokenizer.Parse(json));

    [Fact]
    public void Nesting_without_end_is_refused() =>
        Assert.Throws<TokenizerException>(() => Tokenizer.Parse(
            string.Concat(Enumerable.Repeat("""{"normalizer":{"type":"Sequence","normalizers":[""", 5000))));

    [Fact]
    public void A_missing_file_and_broken_UTF8_are_named()
    {
        var folder = Directory.CreateTempSubdirectory("workbench-tokenizer").FullName;
        try
        {
            Assert.Contains("There is no", Assert.Throws<TokenizerException>(() => Tokenizer.Load(folder)).Message, StringComparison.Ordinal);
            byte[] bytes = [.. Encoding.UTF8.GetBytes("""{"model":{"type":"WordLevel","unk_token":""" + "\""), 0xFF, 0xFE, .. Encoding.UTF8.GetBytes("\",\"vocab\":{}}}")];
            File.WriteAllBytes(Path.Combine(folder, "tokenizer.json"), bytes);
            Assert.Contains("UTF-8", Assert.Throws<TokenizerException>(() => Tokenizer.Load(folder)).Message, StringComparison.OrdinalIgnoreCase);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_vocabulary_of_ten_million_is_refused_in_bounded_memory()
    {
        var file = Path.GetTempFileName();
        try
        {
            using (var writer = new StreamWriter(file))
            {
                writer.Write("""{"model":{"type":"WordLevel","unk_token":"0","vocab":{""");
                for (var id = 0; id < 10_000_000; id++)
                {
                    writer.Write(id == 0 ? "\"" : ",\"");
                    writer.Write(id);
                    writer.Write("\":");
                    writer.Write(id);
                }

                writer.Write("}}}");
            }

            var before = GC.GetAllocatedBytesForCurrentThread();

            var error = Assert.Throws<TokenizerException>(() => Tokenizer.Load(file));

            Assert.Contains("a vocabulary of 10000000 tokens exceeds the limit", error.Message, StringComparison.Ordinal);
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1L << 30);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_text_outside_the_vocabulary_of_a_tokenizer_without_unknown_token_is_an_error_that_says_so()
    {
        var tokenizer = Tokenizer.Parse("""{"model":{"type":"WordLevel","vocab":{"a":0}}}""");

        Assert.Contains("model.unk_token", Assert.Throws<TokenizerException>(() => tokenizer.Encode("b")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_megabyte_without_a_space_is_no_quadratic_work()
    {
        var gpt2 = Tokenizer.Load(Shared.Require("assets/tokenizers/gpt2"));
        var watch = Stopwatch.StartNew();

        var encoding = gpt2.Encode(string.Concat(Enumerable.Repeat("abcdefghij", 100_000)));

        Assert.Equal(1_000_000, encoding.Offsets[^1].End);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"took {watch.Elapsed}");
    }

    [Fact]
    public void Lone_surrogates_count_as_the_replacement_character()
    {
        var gpt2 = Tokenizer.Load(Shared.Require("assets/tokenizers/gpt2"));

        Assert.Equal(gpt2.Encode("a\uFFFDb\uFFFD").Ids, gpt2.Encode("a\uD800b\uDC00").Ids);
    }

    [Fact]
    public void Special_tokens_in_text_can_be_read_as_plain_text()
    {
        var gpt2 = Tokenizer.Load(Shared.Require("assets/tokenizers/gpt2"));

        Assert.Equal([50256], gpt2.Encode("<|endoftext|>").Ids);
        var plain = gpt2.Encode("<|endoftext|>", recognizeSpecialTokens: false).Ids;
        Assert.DoesNotContain(50256, plain);
        Assert.Equal("<|endoftext|>", gpt2.Decode(plain));
        Assert.Equal("", gpt2.Decode([50256], skipSpecialTokens: true));
        Assert.True(gpt2.IsSpecial(50256));
    }

    [Fact]
    public void A_batch_on_all_cores_gives_what_one_text_at_a_time_gives()
    {
        var gpt2 = Tokenizer.Load(Shared.Require("assets/tokenizers/gpt2"));
        var texts = Enumerable.Range(0, 500).Select(i => $"text number {i} and {i * 7919} more words").ToArray();

        Assert.Equal(texts.Select(t => gpt2.Encode(t).Ids), gpt2.EncodeBatch(texts).Select(e => e.Ids));
    }
}
