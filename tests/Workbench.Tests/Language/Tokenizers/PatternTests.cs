using Workbench.Language.Tokenizers;
using Workbench.Language.Tokenizers.Patterns;

namespace Workbench.Tests.Language.Tokenizers;

public sealed class PatternTests
{
    // Expected matches follow from Oniguruma's documentation (doc/RE) and were checked with the official tokenizers.
    [Theory]
    [InlineData(@"\p{L}+", "ab1é𝔘日", "ab é𝔘日")]
    [InlineData(@"\p{N}{1,3}", "12345 ½", "123 45 ½")]
    [InlineData(@"(?i:'s|k)", "'S 'ſ K K", "'S 'ſ K K")]
    [InlineData(@"\s+(?!\S)|x", "a  x", "  x")]
    [InlineData(@"[a-z&&[^d]]+", "abcd", "abc")]
    [InlineData(@"a++b|a", "aab aac", "aab a a")]
    [InlineData(@"(?<=a|bb)c", "ac bbc bc", "c c")]
    [InlineData(@"(?<!a)c", "ac bc", "c")]
    [InlineData(@"(?>a*)b|c", "aab ac", "aab c")]
    [InlineData(@"a{2}", "aaaaa", "aa aa")]
    [InlineData(@"(a|ab)(c|bcd)", "abcd", "abcd")]
    [InlineData(@"^b", "a\nb", "b")]
    [InlineData(@"a.c", "a\nc abc", "abc")]
    [InlineData(@"(?m:a.c)", "a\nc", "a\nc")]
    [InlineData(@"[[:punct:]]", "a$-", "$ -")]
    [InlineData(@"\p{Punct}", "a$-", "-")]
    [InlineData(@"\x{1F600}|\u00e9", "😀é", "😀 é")]
    [InlineData(@"a*?b", "aab", "aab")]
    [InlineData(@"\bT", "aT T", "T")]
    [InlineData(@"(?:)*x", "x", "x")]
    [InlineData(@"\p{Han}+", "a漢字あ", "漢字")]
    [InlineData(@"\P{^L}", "1a", "a")]
    public void Matches_are_those_of_Oniguruma(string pattern, string text, string matches) =>
        Assert.Equal(matches, string.Join(' ', Matches(RegexPattern.Parse(pattern), text)));

    [Theory]
    [InlineData(@"(a")]
    [InlineData(@"a)")]
    [InlineData(@"[a")]
    [InlineData(@"*a")]
    [InlineData(@"\p{Klingon}")]
    [InlineData(@"(a)\1")]
    [InlineData(@"(?<=a*)b")]
    [InlineData(@"[z-a]")]
    [InlineData(@"a{5,2}")]
    [InlineData(@"((a{900}){900}){900}")]
    public void A_pattern_that_cannot_be_used_is_refused(string pattern) =>
        Assert.Throws<FormatException>(() => RegexPattern.Parse(pattern));

    [Fact]
    public void Deep_nesting_is_refused_instead_of_overflowing_the_stack() =>
        Assert.Throws<FormatException>(() => RegexPattern.Parse(new string('(', 100_000)));

    [Fact]
    public void A_pattern_that_explodes_is_stopped()
    {
        var pattern = RegexPattern.Parse("(?:(?:a+)+)+b");

        var error = Assert.Throws<TokenizerException>(() => Matches(pattern, new string('a', 40)));

        Assert.Contains("backtracks without end", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_megabyte_of_one_class_takes_linear_time() =>
        Assert.Single(Matches(RegexPattern.Parse(KnownPatterns.Llama3), new string('x', 1_000_000)));

    [Theory]
    [InlineData(KnownPatterns.Gpt2)]
    [InlineData(KnownPatterns.Llama3)]
    [InlineData(KnownPatterns.Qwen)]
    public void The_written_out_scanner_matches_what_the_regular_expression_matches(string pattern)
    {
        string[] parts = [" ", "  ", "\n", "\r\n", "\t", "\u3000", "a", "Zz", "é", "日", "𝔘", "1", "22", "½", "๑", "'", "'s", "'LL", "'ſ", "'re", "'v", ".", "--", "😀", "\u0301", "\u0000", "_"];
        var random = new Random(7);
        var scanner = KnownPatterns.Find(pattern)!;
        var regex = RegexPattern.Parse(pattern);
        for (var round = 0; round < 3000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => parts[random.Next(parts.Length)]));
            Assert.Equal(Matches(regex, text), Matches(scanner, text));
        }
    }

    private static List<string> Matches(TextPattern pattern, string text)
    {
        var found = new List<string>();
        var matches = pattern.Matches(text);
        while (matches.MoveNext())
        {
            if (matches.IsMatch && matches.End > matches.Start)
            {
                found.Add(text[matches.Start..matches.End]);
            }
        }

        return found;
    }
}
