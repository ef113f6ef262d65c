using Workbench.Data.Deduplication;
using Workbench.Data.Filters;
using Workbench.Data.Formats;

namespace Workbench.Tests.Data.Deduplication;

public sealed class DedupTests
{
    [Fact]
    public void The_first_of_equal_rows_stays_whatever_case_and_spaces()
    {
        var rows = new[] { Rows.Chat("Hi", "Yes  sir"), Rows.Chat("hi", "yes sir\n"), Rows.Chat("hi", "no"), Rows.Chat("Hi", "Yes  sir") };
        Assert.Equal([null, "the same as row 1", null, "the same as row 1"], new ExactDedup().Reasons(rows));
        Assert.Equal([1, 2, 3], new ExactDedup { Normalize = false }.Kept(rows));
        Assert.Equal([1], new ExactDedup { Part = RowPart.Prompts }.Kept(rows));
    }

    [Fact]
    public void Rows_with_other_calls_thoughts_or_verdicts_are_not_the_same()
    {
        static Row Calling(string name) => Rows.Parse(
            $$"""{"messages":[{"role":"user","content":"Go"},{"role":"assistant","content":"","tool_calls":[{"type":"function","function":{"name":"{{name}}","arguments":{} } }]}]}""");
        static Row Judged(string label) => Rows.Parse($$"""{"prompt":"a","completion":"b","label":{{label}}}""");
        Assert.Equal([1, 2], new ExactDedup().Kept(Calling("left"), Calling("right"), Calling("left")));
        Assert.Equal([1, 2], new ExactDedup().Kept(Judged("true"), Judged("false"), Judged("true")));
        Assert.Equal([1], new ExactDedup { Part = RowPart.Prompts }.Kept(Calling("left"), Calling("right")));
    }

    [Fact]
    public void Rows_with_other_columns_tools_or_roles_are_not_the_same() =>
        Assert.Equal([1, 2, 3, 4], new ExactDedup().Kept(
            Rows.Parse("""{"prompt":"p","chosen":"a","rejected":"b"}"""),
            Rows.Parse("""{"prompt":"p","chosen":"b","rejected":"a"}"""),
            Rows.Parse("""{"input_ids":[1]}"""),
            Rows.Parse("""{"input_ids":[2]}""")));

    [Fact]
    public void Planted_near_duplicates_are_found_and_nothing_else()
    {
        var random = new Random(5);
        string[] Words(int count) => [.. Enumerable.Range(0, count).Select(_ => $"w{random.Next(3000)}")];
        var originals = Enumerable.Range(0, 1500).Select(_ => Words(120)).ToArray();
        var rows = originals.ToList();
        foreach (var original in originals)
        {
            // Replacing e spread words spoils 3e of 118 shingles: Jaccard (118-3e)/(118+3e).
            var copy = (string[])original.Clone();
            var edits = random.Next(1, 8);
            for (var i = 0; i < edits; i++)
            {
                copy[((i * 120) + random.Next(100)) / 8] = $"new{random.Next(1_000_000)}";
            }

            rows.Add(copy);
        }

        var kept = new NearDedup().Kept([.. rows.Select(words => Rows.Text(string.Join(' ', words)))]).ToHashSet();
        var similar = Enumerable.Range(0, originals.Length).Select(i => Jaccard(rows[i], rows[i + originals.Length])).ToArray();
        var alike = Enumerable.Range(0, originals.Length).Where(i => similar[i] >= 0.8).ToArray();
        var found = alike.Count(i => !kept.Contains(i + originals.Length + 1));
        Assert.InRange(alike.Length, 300, originals.Length);
        Assert.True(found >= 0.98 * alike.Length, $"{found} of {alike.Length}");
        var wrong = Enumerable.Range(0, originals.Length).Where(i => similar[i] < 0.8 && !kept.Contains(i + originals.Length + 1)).ToArray();
        Assert.Empty(wrong);
        Assert.All(Enumerable.Range(1, originals.Length), number => Assert.Contains(number, kept));
    }

    [Fact]
    public void The_reason_names_the_row_and_the_similarity()
    {
        var words = Enumerable.Range(0, 100).Select(i => $"word{i}").ToArray();
        var other = words.ToArray();
        other[50] = "changed";
        // 98 shingles of three words; three of each differ: 95 / 101.
        Assert.Equal("nearly the same as row 1 (Jaccard 0.94)", new NearDedup().Reasons(Rows.Text(string.Join(' ', words)), Rows.Text(string.Join(' ', other)))[1]);
    }

    [Fact]
    public void Chinese_is_compared_by_characters() =>
        Assert.Equal([1, 3], new NearDedup { Threshold = 0.7 }.Kept(
            Rows.Text("今天天气很好，我们一起去公园散步吧，晚上再回家吃饭。"),
            Rows.Text("今天天气很好，我们一起去公园散步吧，晚上再回家吃面。"),
            Rows.Text("明天有一场重要的考试，大家都在图书馆里认真复习。")));

    [Fact]
    public void Texts_without_words_are_nobodys_duplicates() =>
        Assert.Equal([1, 2], new NearDedup().Kept(Rows.Text("!!!"), Rows.Text("???")));

    [Fact]
    public void Pairs_with_nothing_to_prefer_and_repeated_pairs_go()
    {
        var reasons = new WithinPromptDedup { MaxPerPrompt = 2 }.Reasons(
            Rows.Parse("""{"prompt":"p","chosen":"a b c d","rejected":"A b c d!"}"""),
            Rows.Parse("""{"prompt":"p","chosen":"a b c d","rejected":"e f g h"}"""),
            Rows.Parse("""{"prompt":"p","chosen":"a b c d.","rejected":"e f g h"}"""),
            Rows.Parse("""{"prompt":"q","chosen":"a b c d.","rejected":"e f g h"}"""),
            Rows.Parse("""{"prompt":"p","chosen":"i j k l","rejected":"e f g h"}"""),
            Rows.Parse("""{"prompt":"p","chosen":"m n o p","rejected":"e f g h"}"""));
        Assert.Equal(
            ["chosen and rejected are nearly the same (Jaccard 1.00)", null, "both answers are nearly those of row 2, to the same prompt", null, null, "the prompt has 2 pairs already"],
            reasons);
    }

    [Fact]
    public void A_row_that_holds_thirteen_words_of_an_evaluation_set_leaks()
    {
        var path = Path.GetTempFileName();
        try
        {
            var thirteen = string.Join(' ', Enumerable.Range(0, 13).Select(i => $"e{i}"));
            File.WriteAllText(path, $$"""{"question":"{{thirteen}} e13","answer":"short one"}""" + "\n" + """{"prompt":"one two three four five six seven eight"}""");
            var reasons = new LeakageFilter { Against = [path] }.Reasons(
                Rows.Chat("q", "So: " + thirteen.ToUpperInvariant().Replace(" ", ", ", StringComparison.Ordinal)),
                Rows.Chat("q", thirteen[..^4] + " other"),
                Rows.Chat("short one", "short one"),
                Rows.Text("zero one two three four five six seven eight nine"));
            Assert.Contains("shares 1 n-grams", reasons[0], StringComparison.Ordinal);
            Assert.Null(reasons[1]);
            Assert.Null(reasons[2]);
            Assert.Contains("row 2", reasons[3], StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void An_evaluation_file_that_is_missing_is_named() =>
        Assert.Contains("nowhere.jsonl", Assert.Throws<OperatorException>(() => new LeakageFilter { Against = ["nowhere.jsonl"] }.Apply([])).Message, StringComparison.Ordinal);

    private static double Jaccard(string[] left, string[] right)
    {
        static HashSet<string> Shingles(string[] words) => [.. Enumerable.Range(0, words.Length - 2).Select(i => string.Join(' ', words[i..(i + 3)]))];
        var (a, b) = (Shingles(left), Shingles(right));
        var common = a.Intersect(b).Count();
        return common / (double)(a.Count + b.Count - common);
    }
}
