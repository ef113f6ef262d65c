using Workbench.Web.Services;

namespace Workbench.Web.Tests.Services;

public sealed class PaletteSearchTests
{
    private static readonly PaletteEntry[] Entries =
    [
        new("Models", "", "big story model", "/models/1"), new("Runs", "", "story run", "/runs/1") { Note = "sft" }, new("Runs", "", "a restory", "/runs/2"),
        new("Places", "", "Runs", "/runs"), new("Datasets", "", "sums", "/datasets/1"),
    ];

    private static IEnumerable<string> Found(string query) => PaletteSearch.Match(Entries, query).Select(entry => entry.Href);

    [Fact]
    public void What_begins_with_the_word_comes_before_what_holds_it() => Assert.Equal(["/runs/1", "/models/1", "/runs/2"], Found("STORY"));

    [Fact]
    public void All_words_must_be_there_in_title_kind_or_note()
    {
        Assert.Equal(["/runs/1"], Found("story sft"));
        Assert.Equal(["/runs/1", "/runs/2"], Found("story runs"));
        Assert.Empty(Found("story sums"));
    }

    [Fact]
    public void Nothing_typed_lists_everything_as_it_stands_up_to_the_most()
    {
        Assert.Equal(Entries.Select(entry => entry.Href), Found("  "));
        Assert.Equal(PaletteSearch.Most, PaletteSearch.Match(Enumerable.Repeat(Entries[0], 100), "").Count);
    }
}
