using Workbench.Language.Tokenizers;

namespace Workbench.Tests.Language.Tokenizers;

public sealed class StreamingDecoderTests
{
    [Theory]
    [InlineData("assets/models/stories260K-hf")]
    [InlineData("assets/tokenizers/gpt2")]
    [InlineData("assets/tokenizers/minimind")]
    public void Streamed_pieces_join_to_the_whole_decoding_and_never_hold_half_a_character(string folder)
    {
        var tokenizer = Tokenizer.Load(Shared.Require(folder));
        const string Text = "Once upon 一个 👩‍👩‍👧 naïve 𝔘𝔫𝔦 time\n\n  the end";
        var ids = tokenizer.Encode(Text, addSpecialTokens: false).Ids;
        var decoder = new StreamingDecoder(tokenizer);

        var pieces = ids.Select(decoder.Append).Append(decoder.Finish()).ToArray();

        Assert.Equal(Text, string.Concat(pieces));
        Assert.DoesNotContain(pieces, p => p.Contains('\uFFFD', StringComparison.Ordinal) || (p.Length > 0 && char.IsLowSurrogate(p[0])));
    }

    [Fact]
    public void Bytes_that_never_form_a_character_come_out_in_the_end()
    {
        var tokenizer = Tokenizer.Load(Shared.Require("assets/models/stories260K-hf"));
        var decoder = new StreamingDecoder(tokenizer);
        var lead = tokenizer.TokenToId("<0xE4>")!.Value;

        Assert.Equal("", decoder.Append(lead));
        Assert.Equal("\uFFFD", decoder.Finish());
    }

    [Fact]
    public void A_model_stuck_on_broken_bytes_does_not_make_the_stream_wait_forever()
    {
        var tokenizer = Tokenizer.Load(Shared.Require("assets/models/stories260K-hf"));
        var decoder = new StreamingDecoder(tokenizer);
        var lead = tokenizer.TokenToId("<0xE4>")!.Value;

        var text = string.Concat(Enumerable.Range(0, 40).Select(_ => decoder.Append(lead)));

        Assert.StartsWith(new string('\uFFFD', 16), text, StringComparison.Ordinal);
    }
}
