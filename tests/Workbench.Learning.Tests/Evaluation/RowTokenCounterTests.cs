using System.Text;
using Workbench.Data.Formats;
using Workbench.Learning.Evaluation;

namespace Workbench.Learning.Tests.Evaluation;

/// <summary>By hand: the tokenizer has a token a character.</summary>
public sealed class RowTokenCounterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"yes"}]}""", 15, 4, 0)] // <s> + "U: hi\n" + "A: " + yes</s> + \n
    [InlineData("""{"messages":[{"role":"user","content":"</s><s></s>"},{"role":"assistant","content":"yes"}]}""", 16, 4, 3)] // read as the tokens: 3 in place of "hi"
    [InlineData("""{"prompt":"ab","completion":" cd"}""", 6, 4, 0)] // with the end of sequence
    [InlineData("""{"text":"abc"}""", 4, 3, 0)] // the first token predicts nothing
    [InlineData("""{"prompt":"abc"}""", 4, 0, 0)]
    [InlineData("""{"prompt":"ab","chosen":" cd","rejected":" efg"}""", 6, 4, 0)]
    public void Rows_are_counted_as_training_makes_them(string json, int tokens, int trained, int specials)
    {
        Assert.Equal(new RowTokens(tokens, trained, specials), Counter(withTemplate: true).Count(RowParser.Parse(Encoding.UTF8.GetBytes(json))));
    }

    [Fact]
    public void What_cannot_be_rendered_says_why()
    {
        var counted = Counter(withTemplate: false).Count(RowParser.Parse("""{"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"yes"}]}"""u8.ToArray()));
        Assert.Equal(0, counted.Tokens);
        Assert.Contains("chat template", counted.Problem, StringComparison.Ordinal);
    }

    private RowTokenCounter Counter(bool withTemplate)
    {
        var directory = Directory.CreateDirectory(folder["tokenizer"]).FullName;
        TinyTokenizer.Write(directory);
        if (withTemplate)
        {
            File.WriteAllText(
                Path.Combine(directory, "chat_template.jinja"),
                "{{ bos_token }}{% for m in messages %}{% if m.role == 'user' %}U: {{ m.content + '\n' }}{% else %}A: {% generation %}{{ m.content + eos_token }}{% endgeneration %}{{ '\n' }}{% endif %}{% endfor %}");
        }

        return RowTokenCounter.Load(directory);
    }
}
