using Workbench.Data.Filters;
using Workbench.Data.Filters.Models;
using Workbench.Data.Formats;

namespace Workbench.Tests.Data.Filters.Models;

public sealed class ModelOperatorTests
{
    [Fact]
    public void Rows_go_by_their_perplexity_and_those_without_one_say_why()
    {
        var (kept, seen, _) = Run("""{"op":"perplexity","model":"m","min":2,"max":30}""", "1", "2", "30", "31.5", "none");
        Assert.Equal(["2", "30"], kept);
        Assert.Equal(["1 perplexity 1 is below 2", "4 perplexity 31.5 is above 30", "5 has no perplexity: no number"], seen);
    }

    [Fact]
    public void A_difficulty_of_more_than_one_goes_unless_told_otherwise()
    {
        var (kept, seen, _) = Run("""{"op":"ifd","model":"m"}""", "0.5", "1.25");
        Assert.Equal(["0.5"], kept);
        Assert.Equal(["2 ifd 1.25 is above 1"], seen);
    }

    [Fact]
    public void A_figure_is_written_beside_the_row_in_five_digits()
    {
        var models = new FakeModels();
        var recipe = Recipe.Parse("""{"steps":[{"op":"perplexity","model":"m","column":"ppl"}]}""").Bound(models);
        var row = Assert.Single(new Pipeline(recipe, models).Run(new[] { Rows.Text("12.3456789") }.Numbered()));
        Assert.Equal("""{"text":"12.3456789","ppl":12.346}""", row.Row.Json.GetRawText());
    }

    [Fact]
    public void A_bound_recipe_names_the_weights_and_runs_with_no_others()
    {
        var models = new FakeModels();
        var recipe = Recipe.Parse("""{"steps":[{"op":"k_center","model":"m","count":1}]}""").Bound(models);
        Assert.Contains("\"fingerprint\": \"f1\"", recipe.ToJson(), StringComparison.Ordinal);
        Assert.Equal(recipe.ToJson(), Recipe.Parse(recipe.ToJson()).Bound(models).ToJson());
        models.Model.Fingerprint = "f2";
        var message = Assert.Throws<OperatorException>(() => recipe.Bound(models)).Message;
        Assert.Contains("k_center", message, StringComparison.Ordinal);
        Assert.Contains("f2", message, StringComparison.Ordinal);
    }

    /// <summary>
    /// By hand, on the unit circle: angles 0, 10, 50, 90, 180 degrees. The mean points to 50.0°, so 50° is the first center; the farthest from it
    /// is 180°, then 0° (50° away; 10° and 90° are 40° away). 10° is nearest to 0°, at 2 sin 5° = 0.174; 90° to 50°, at 2 sin 20° = 0.684.
    /// </summary>
    [Fact]
    public void K_center_keeps_the_rows_that_cover_the_others()
    {
        var (kept, seen, _) = Run("""{"op":"k_center","model":"m","count":3}""", "0", "10", "50", "none", "90", "180");
        Assert.Equal(["0", "50", "180"], kept);
        Assert.Equal(
            ["2 row 1 stands for it, at a distance of 0.174", "4 has no place among the others: no number", "5 row 3 stands for it, at a distance of 0.684"], seen);
    }

    [Fact]
    public void Equal_rows_and_more_centers_than_rows_are_no_trouble()
    {
        Assert.Equal(["7", "7"], Run("""{"op":"k_center","model":"m","count":9}""", "7", "7").Kept);
        Assert.Equal(["7"], Run("""{"op":"k_center","model":"m","count":1}""", "7", "7").Kept);
        Assert.Empty(Run("""{"op":"k_center","model":"m","count":1}""").Kept);
    }

    [Fact]
    public void Rows_are_asked_in_batches_and_keep_their_order()
    {
        var texts = Enumerable.Range(1, 300).Select(i => $"{i}").ToArray();
        var (kept, _, models) = Run("""{"op":"perplexity","model":"m","min":0}""", texts);
        Assert.Equal(texts, kept);
        Assert.Equal([.. Enumerable.Repeat(32, 9), 12], models.Model.Batches);
    }

    [Theory]
    [InlineData("""{"op":"perplexity","model":"m"}""", "min or max")]
    [InlineData("""{"op":"perplexity","model":"m","min":3,"max":2}""", "min the smaller")]
    [InlineData("""{"op":"perplexity","model":"m","min":3,"max_length":1}""", "max_length")]
    [InlineData("""{"op":"perplexity","model":"m","column":"text"}""", "\"text\"")]
    [InlineData("""{"op":"perplexity","model":" ","min":1}""", "name the model")]
    [InlineData("""{"op":"k_center","model":"m","count":0}""", "count")]
    public void Wrong_parameters_are_named_before_the_first_row(string step, string expected)
    {
        var recipe = Recipe.Parse($"{{\"steps\":[{step}]}}");
        var rows = Enumerable.Range(0, 1).Select<int, RowItem>(_ => throw new InvalidOperationException("a row was read"));
        Assert.Contains(expected, Assert.Throws<OperatorException>(() => new Pipeline(recipe, new FakeModels()).Run(rows)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_anybody_to_load_the_model_it_is_said() => Assert.Contains(
        "nobody", Assert.Throws<OperatorException>(() => new Pipeline(Recipe.Parse("""{"steps":[{"op":"ifd","model":"m"}]}""")).Run([])).Message, StringComparison.Ordinal);

    private static (string[] Kept, List<string> Seen, FakeModels Models) Run(string step, params string[] texts)
    {
        var (models, seen) = (new FakeModels(), new List<string>());
        var recipe = Recipe.Parse($"{{\"steps\":[{step}]}}").Bound(models);
        var kept = new Pipeline(recipe, models).Run(
            texts.Select(Rows.Text).Numbered(), told => seen.Add($"{told.Verdict.Item.Number} {told.Verdict.Reason ?? told.Verdict.Change}"));
        return ([.. kept.Select(item => item.Row.Json.GetProperty("text").GetString()!)], seen, models);
    }

    private sealed class FakeModels : IRowModels
    {
        public FakeModel Model { get; } = new();

        public IRowModel Open(string model) => Model;
    }

    /// <summary>Takes the number that a row's text is for its figure, and for its angle in degrees.</summary>
    private sealed class FakeModel : IRowModel
    {
        public List<int> Batches { get; } = [];

        public string Fingerprint { get; set; } = "f1";

        public IReadOnlyList<RowFigure> Perplexities(IReadOnlyList<Row> rows, int maxLength, CancellationToken cancellationToken)
        {
            Batches.Add(rows.Count);
            return [.. rows.Select(row => Number(row) is { } number ? new RowFigure(number) : RowFigure.None("no number"))];
        }

        public IReadOnlyList<RowFigure> Difficulties(IReadOnlyList<Row> rows, int maxLength, CancellationToken cancellationToken) =>
            Perplexities(rows, maxLength, cancellationToken);

        public IReadOnlyList<RowPlace> Places(IReadOnlyList<Row> rows, int maxLength, CancellationToken cancellationToken) =>
        [
            .. rows.Select(row => Number(row) is { } degrees
                ? new RowPlace([(float)Math.Cos(degrees * Math.PI / 180), (float)Math.Sin(degrees * Math.PI / 180)])
                : new RowPlace([], "no number")),
        ];

        private static double? Number(Row row) => double.TryParse(row.Json.GetProperty("text").GetString(), System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
