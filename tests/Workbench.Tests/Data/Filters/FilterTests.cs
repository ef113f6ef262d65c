using Workbench.Data.Filters;
using Workbench.Data.Formats;
using Workbench.Data.Sampling;
using Workbench.Testing;

namespace Workbench.Tests.Data.Filters;

public sealed class FilterTests
{
    [Fact]
    public void Length_counts_code_points()
    {
        var filter = new LengthFilter { MinChars = 3, MaxChars = 4, Part = RowPart.Answers };
        Assert.Equal(
            ["2 characters, fewer than 3", null, "5 characters, more than 4"],
            filter.Reasons(Rows.Chat("long question", "😀é"), Rows.Chat("q", "abc"), Rows.Chat("q", "abcde")));
    }

    [Fact]
    public void Length_counts_tokens_of_a_real_tokenizer()
    {
        // "Hello world" is two tokens of GPT-2: 15496, 995.
        var filter = new LengthFilter { MaxTokens = 2, Tokenizer = Shared.Require("assets/tokenizers/gpt2/tokenizer.json") };
        Assert.Equal([null, "3 tokens, more than 2"], filter.Reasons(Rows.Text("Hello world"), Rows.Text("Hello world!")));
    }

    [Fact]
    public void Turns_count_the_assistant() =>
        Assert.Equal([1], new TurnsFilter { Min = 1, Max = 1 }.Kept(
            Rows.Chat("a", "b"),
            Rows.Parse("""{"messages":[{"role":"user","content":"a"}]}"""),
            Rows.Parse("""{"messages":[{"role":"assistant","content":"a"},{"role":"user","content":"b"},{"role":"assistant","content":"c"}]}""")));

    [Theory]
    [InlineData("""[{"role":"system","content":"s"},{"role":"user","content":"a"},{"role":"assistant","content":"b"}]""", null)]
    [InlineData("""[{"role":"user","content":"a"},{"role":"assistant","content":"","tool_calls":[]},{"role":"tool","content":"1"},{"role":"tool","content":"2"},{"role":"assistant","content":"b"}]""", null)]
    [InlineData("""[{"role":"user","content":"a"}]""", "ends with user")]
    [InlineData("""[{"role":"assistant","content":"a"}]""", "nobody asked")]
    [InlineData("""[{"role":"user","content":"a"},{"role":"user","content":"b"},{"role":"assistant","content":"c"}]""", "second user")]
    [InlineData("""[{"role":"user","content":"a"},{"role":"tool","content":"b"},{"role":"assistant","content":"c"}]""", "nobody made")]
    [InlineData("""[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"system","content":"c"}]""", "behind the start")]
    [InlineData("""[{"role":"user","content":" "},{"role":"assistant","content":"b"}]""", "is empty")]
    [InlineData("""[{"role":"critic","content":"a"}]""", "role critic")]
    public void Roles_must_follow_each_other(string messages, string? expected)
    {
        var reason = new RolesFilter().Reasons(Rows.Parse($$"""{"messages":{{messages}}}"""))[0];
        if (expected is null)
        {
            Assert.Null(reason);
        }
        else
        {
            Assert.Contains(expected, reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_pattern_removes_or_keeps_and_shows_what_it_found()
    {
        Assert.Equal(["matches ca+t at \"caaat\"", null], new RegexFilter { Pattern = "ca+t" }.Reasons(Rows.Text("the caaat"), Rows.Text("dog")));
        Assert.Equal([2], new RegexFilter { Pattern = "DOG", KeepMatching = true, IgnoreCase = true }.Kept(Rows.Text("cat"), Rows.Text("dog")));
    }

    [Fact]
    public void A_pattern_that_backtracks_without_end_does_not_hang()
    {
        var reasons = new RegexFilter { Pattern = @"(?=x)(a+)+$|(a|aa)+\1b" }.Reasons(Rows.Text(new string('a', 5000)), Rows.Text("b"));
        Assert.Contains("more than 1 s", reasons[0], StringComparison.Ordinal);
        Assert.Null(reasons[1]);
    }

    [Fact]
    public void A_pattern_that_cannot_be_read_is_refused_before_the_first_row() =>
        Assert.Throws<OperatorException>(() => ((IRowOperator)new RegexFilter { Pattern = "(" }).Apply([]));

    [Theory]
    [InlineData("I'm sorry, but I can't help with that.", "refuses")]
    [InlineData("Unfortunately, I am unable to provide that.", "refuses")]
    [InlineData("很抱歉，我无法回答这个问题。", "refuses")]
    [InlineData("I think so. As an AI language model, I have no feelings.", "model")]
    [InlineData("作为一个人工智能语言模型，我没有感情。", "model")]
    [InlineData("I'm sorry to hear that you lost your keys. Look under the mat.", null)]
    [InlineData("The bank cannot provide loans in this case.", null)]
    [InlineData("Alan Turing proposed the test in 1950.", null)]
    public void Refusals_and_talk_of_being_a_model_are_told_from_answers(string answer, string? expected)
    {
        var reason = new PhrasesFilter().Reasons(Rows.Chat("q", answer))[0];
        Assert.Equal(expected is not null, reason is not null);
        Assert.Contains(expected ?? "", reason ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Short answer", null)]
    [InlineData("LONG The story ended well for everyone.", null)]
    [InlineData("LONG The story ended well for everyone, and", "breaks off")]
    [InlineData("LONG The story ended well for everyone in the small village near the", "breaks off")]
    [InlineData("LONG The story ended well for everyone who lived in the small villa", "without a mark")]
    [InlineData("LONG Steps:\n- open the door", null)]
    [InlineData("See:\n```python\nprint(1)", "code block")]
    [InlineData("See:\n```python\nprint(1)\n```", null)]
    [InlineData("LONG 故事的结局很好。", null)]
    public void What_was_cut_off_is_found(string answer, string? expected)
    {
        answer = answer.Replace("LONG", new string('x', 150) + " " + new string('y', 60), StringComparison.Ordinal);
        var reason = new TruncatedFilter().Reasons(Rows.Chat("q", answer))[0];
        Assert.Equal(expected is not null, reason is not null);
        Assert.Contains(expected ?? "", reason ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("```\ncode\n```\ntext", null)]
    [InlineData("````\n```\n````", null)]
    [InlineData("```\ncode", "code block")]
    [InlineData("```json\n{\"a\": 1,}\n```", null)]
    [InlineData("```json\n{\"a\": }\n```", "JSON block")]
    [InlineData("{\"a\": 1", null)]
    [InlineData("{\"a\" 1}", "looks like JSON")]
    [InlineData("**bold** text", null)]
    [InlineData("**bold text", "bold marks")]
    [InlineData("2**3 is 8", null)]
    [InlineData("| a | b |\n|---|---|\n| 1 | 2 |", null)]
    [InlineData("| a | b |\n|---|---|\n| 1 | 2 | 3 |", "2 columns, but a row of it 3")]
    public void Broken_markup_is_found(string answer, string? expected)
    {
        var reason = new MarkupFilter().Reasons(Rows.Chat("q", answer))[0];
        Assert.Equal(expected is not null, reason is not null);
        Assert.Contains(expected ?? "", reason ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Repetition_follows_gophers_rules()
    {
        string Distinct(int from, int count) => string.Join(' ', Enumerable.Range(from, count).Select(i => $"word{i}"));
        var filter = new RepetitionFilter();
        // 4 lines of which 2 repeat: 0.5 > 0.3. The two words "yes no" 40 times among 40 others: 40*5 characters of 200+270.
        var reasons = filter.Reasons(
            Rows.Text(Distinct(0, 200)),
            Rows.Text($"{Distinct(0, 20)}\n{Distinct(20, 20)}\n{Distinct(0, 20)}\n{Distinct(20, 20)}"),
            Rows.Text(Distinct(100, 40) + " " + string.Join(' ', Enumerable.Repeat("yes no", 40))),
            Rows.Text("yes yes yes yes"));
        Assert.Null(reasons[0]);
        Assert.Contains("0.50 of the lines", reasons[1], StringComparison.Ordinal);
        Assert.Contains("most frequent 2-gram", reasons[2], StringComparison.Ordinal);
        Assert.Null(reasons[3]);
    }

    [Fact]
    public void Symbols_in_place_of_words_are_found_but_code_is_not()
    {
        var symbols = string.Join(' ', Enumerable.Repeat("# word ...", 20));
        var numbers = string.Join(' ', Enumerable.Repeat("12 34 56", 20));
        var reasons = new SymbolsFilter().Reasons(Rows.Text(symbols), Rows.Text(numbers), Rows.Text($"Some code:\n```\n{symbols}\n```"));
        Assert.Contains("hash signs", reasons[0], StringComparison.Ordinal);
        Assert.Contains("hold a letter", reasons[1], StringComparison.Ordinal);
        Assert.Null(reasons[2]);
    }

    [Fact]
    public void Listed_words_are_found_whole_in_any_case()
    {
        var filter = new WordListFilter { Terms = ["ass", "bad word", "坏"] };
        Assert.Equal([3, 5], filter.Kept(
            Rows.Text("An ASS."), Rows.Text("a Bad Word!"), Rows.Text("first class assembly"), Rows.Text("很坏的人"), Rows.Text("badword")));
    }

    [Fact]
    public void A_sample_is_the_same_for_a_seed_and_changes_little_as_the_source_grows()
    {
        var rows = Enumerable.Range(0, 1000).Select(i => Rows.Text($"row {i}")).ToArray();
        var sample = new RandomSample { Count = 100, Seed = 7 };
        var kept = sample.Kept(rows);
        Assert.Equal(100, kept.Length);
        Assert.Equal(kept, sample.Kept(rows));
        Assert.NotEqual(kept, (sample with { Seed = 8 }).Kept(rows));
        var grown = sample.Kept([.. rows, .. Enumerable.Range(1000, 100).Select(i => Rows.Text($"row {i}"))]);
        Assert.InRange(grown.Intersect(kept).Count(), 75, 100); // about 100/11 of those chosen make room
    }

    [Fact]
    public void A_sample_does_not_depend_on_how_the_json_is_spelt()
    {
        Row[] tight = [.. Enumerable.Range(0, 200).Select(i => Rows.Parse($$"""{"text":"é {{i}}"}"""))];
        Row[] wide = [.. Enumerable.Range(0, 200).Select(i => Rows.Parse($$"""{ "text" : "\u00e9 {{i}}" }"""))];
        var sample = new RandomSample { Count = 20 };
        Assert.Equal(sample.Kept(tight), sample.Kept(wide));
    }

    [Fact]
    public void Balance_takes_as_many_as_the_weights_allow()
    {
        var rows = Enumerable.Range(0, 100).Select(i => Rows.Parse($$"""{"text":"{{i}}","source":"{{(i < 80 ? "a" : "b")}}"}""")).ToArray();
        Assert.Equal((20, 20), Count(new Balance { By = "source" }));
        Assert.Equal((60, 20), Count(new Balance { By = "source", Weights = new Dictionary<string, double> { ["a"] = 3, ["b"] = 1 } }));
        Assert.Equal((80, 0), Count(new Balance { By = "source", Weights = new Dictionary<string, double> { ["a"] = 1 } }));

        (int A, int B) Count(Balance balance)
        {
            var kept = balance.Kept(rows);
            return (kept.Count(number => number <= 80), kept.Count(number => number > 80));
        }
    }
}
