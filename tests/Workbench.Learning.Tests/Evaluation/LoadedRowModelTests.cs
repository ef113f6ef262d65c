using System.Text.Json;
using Workbench.Data.Filters;
using Workbench.Data.Formats;
using Workbench.Learning.Evaluation;

namespace Workbench.Learning.Tests.Evaluation;

/// <summary>Against PyTorch's values, see Goldens/make_score_goldens.py.</summary>
public sealed class LoadedRowModelTests : IDisposable
{
    private const string Template =
        "{{ bos_token }}{% for m in messages %}{% if m.role == 'user' %}U: {{ m.content + '\n' }}{% else %}A: {% generation %}{{ m.content + eos_token }}{% endgeneration %}{{ '\n' }}{% endif %}{% endfor %}";

    private static readonly JsonElement Goldens = JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(Shared.Root, "tests", "Workbench.Learning.Tests", "Goldens", "scores.json"))).RootElement;

    private static readonly Row One = Parse("""{"messages":[{"role":"user","content":"who are you?"},{"role":"assistant","content":"a model."}]}""");

    private static readonly Row Two = Parse(
        """{"messages":[{"role":"user","content":"who are you?"},{"role":"assistant","content":"a model."},{"role":"user","content":"add one."},{"role":"assistant","content":"i can not!"}]}""");

    private static readonly Row Plain = Parse("""{"prompt":"U: hi\nA:","completion":" good day."}""");

    private static readonly Row Text = Parse("""{"text":"the sun is up."}""");

    private readonly TemporaryFolder folder = new();
    private readonly LoadedRowModel model;

    public LoadedRowModelTests()
    {
        var directory = TinyModel.Tied.Write(folder["model"]);
        TinyTokenizer.Write(directory);
        File.WriteAllText(Path.Combine(directory, "chat_template.jinja"), Template);
        model = LoadedRowModel.Load(directory, null, "the fingerprint", "cpu");
    }

    public void Dispose()
    {
        model.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Perplexities_are_PyTorchs_whatever_the_rows_company()
    {
        var figures = model.Perplexities([Two, Text, Plain, One], 512, CancellationToken.None);
        string[] names = ["two", "text", "plain", "one"];
        Assert.All(names.Zip(figures), pair => Assert.Equal(Golden(pair.First, "perplexity"), pair.Second.Value, 1e-3));
        Assert.Equal(figures[3].Value, model.Perplexities([One], 512, CancellationToken.None)[0].Value, 1e-4);
    }

    [Fact]
    public void Difficulties_compare_the_last_answer_with_and_without_what_comes_before()
    {
        var figures = model.Difficulties([One, Two, Plain, Text], 512, CancellationToken.None);
        string[] names = ["one", "two", "plain"];
        Assert.All(names.Zip(figures), pair => Assert.Equal(Golden(pair.First, "ifd"), pair.Second.Value, 1e-4));
        Assert.Equal("a text has no prompt that an answer follows", figures[3].Problem);
    }

    [Fact]
    public void Places_are_the_mean_hidden_states_of_length_one()
    {
        var places = model.Places([Two, One, Plain], 512, CancellationToken.None);
        string[] names = ["two", "one", "plain"];
        foreach (var (name, place) in names.Zip(places))
        {
            var expected = Goldens.GetProperty(name).GetProperty("place").EnumerateArray().Select(value => value.GetSingle()).ToArray();
            Assert.Equal(expected.Length, place.Vector.Length);
            Assert.All(expected.Zip(place.Vector), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        }
    }

    [Fact]
    public void Of_a_pair_the_chosen_answer_counts()
    {
        var pair = Parse("""{"prompt":"U: hi\nA:","chosen":" good day.","rejected":" go away."}""");
        Assert.Equal(Golden("plain", "perplexity"), model.Perplexities([pair], 512, CancellationToken.None)[0].Value, 1e-3);
    }

    [Fact]
    public void Rows_without_a_figure_say_why_and_leave_the_others_alone()
    {
        var prompt = Parse("""{"prompt":"U: hi\nA:"}""");
        var figures = model.Perplexities([prompt, One, Plain], 20, CancellationToken.None);
        Assert.Contains("without an answer", figures[0].Problem, StringComparison.Ordinal);
        Assert.Equal("its answer begins behind the first 20 tokens", figures[1].Problem); // "<s>U: who are you?\nA: " has 20
        Assert.Null(figures[2].Problem);
        Assert.Null(model.Perplexities([One], 21, CancellationToken.None)[0].Problem);
    }

    [Fact]
    public void A_model_without_a_template_is_told_at_once()
    {
        File.Delete(folder["model/chat_template.jinja"]);
        using var bare = LoadedRowModel.Load(folder["model"], null, "the fingerprint", "cpu");
        Assert.Equal(Golden("plain", "perplexity"), bare.Perplexities([Plain], 512, CancellationToken.None)[0].Value, 1e-3);
        Assert.Contains("chat template", Assert.Throws<OperatorException>(() => bare.Perplexities([One], 512, CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    private static double Golden(string name, string figure) => Goldens.GetProperty(name).GetProperty(figure).GetDouble();

    private static Row Parse(string json) => RowParser.Parse(System.Text.Encoding.UTF8.GetBytes(json));
}
