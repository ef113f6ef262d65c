using Workbench.Data.Deduplication;

namespace Workbench.Tests.Data.Deduplication;

public sealed class KeyTextTests
{
    private const string Alphabet = "aBÉß字 \t\n\u00A0\u2003\u3000İ\uD801\uDC00\uD800";

    /// <summary>The plain way: lower case, words of Split, one space between them.</summary>
    [Fact]
    public void Normalized_text_is_that_of_split_and_join()
    {
        var random = new Random(5);
        var key = new KeyText();
        for (var round = 0; round < 2000; round++)
        {
            var text = new string(random.GetItems<char>(Alphabet, random.Next(30)));
            var plain = string.Join(' ', text.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            Assert.Equal(key.Append('<').Append(plain).Append('>').Take(), key.Append('<').AppendNormalized(text).Append('>').Take());
        }
    }

    [Fact]
    public void What_was_gathered_before_does_not_count_and_long_texts_fit()
    {
        var (once, again) = (new KeyText(), new KeyText());
        again.Append(new string('x', 100_000)).Take();
        var text = string.Concat(Enumerable.Repeat("Word  ", 20_000));
        Assert.Equal(once.AppendNormalized(text).Take(), again.AppendNormalized(text).Take());
        Assert.NotEqual(once.Append("a").Take(), once.Append("b").Take());
    }
}
