using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;
using Workbench.Web.Services.Review;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Services.Review;

/// <summary>Rows judged by hand.</summary>
public sealed class ReviewTests
{
    private static Judgement Said(int row, string reviewer, Verdict verdict) => new("hash", row, reviewer) { Verdict = verdict };

    [Fact]
    public void Kappa_is_that_of_the_textbook()
    {
        // Two reviewers, 50 rows: both accept 20, both reject 15, they part on 5 and 10. Observed 0.7, by chance 0.5, kappa 0.4.
        IEnumerable<Judgement> judgements = Enumerable.Range(1, 50).SelectMany(row => new[]
        {
            Said(row, "a", row <= 25 ? Verdict.Accepted : Verdict.Rejected),
            Said(row, "b", row is <= 20 or (> 25 and <= 35) ? Verdict.Accepted : Verdict.Rejected),
        });
        var one = Assert.Single(Agreement.Of([.. judgements, Said(51, "a", Verdict.Accepted), new Judgement("hash", 51, "b")]));
        Assert.Equal(("a", "b", 50), (one.First, one.Second, one.Rows));
        Assert.Equal(0.4, one.Kappa!.Value, 1e-12);
        Assert.Null(Assert.Single(Agreement.Of([Said(1, "a", Verdict.Accepted), Said(1, "b", Verdict.Accepted)])).Kappa);
    }

    private static async Task<DatasetVersion> ImportAsync(TestServices services, params string[] rows)
    {
        using var file = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', rows)));
        return (await services.Get<DatasetService>().ImportAsync(file, "rows.jsonl", cancellationToken: TestContext.Current.CancellationToken)).Dataset.Latest;
    }

    [Fact]
    public async Task What_was_decided_becomes_a_version_and_what_was_rejected_keeps_its_reason()
    {
        await using var services = await TestServices.StartAsync();
        var version = await ImportAsync(services, """{"text":"one"}""", """{"text":"two"}""", """{"text":"three"}""", """{"text":"four"}""");
        var (log, id) = (services.Get<ReviewLog>(), version.DatasetId);
        void Say(int row, string who, Func<Judgement, Judgement> what) => log.Append(id, what(new Judgement(version.ContentHash, row, who)));
        Say(1, "ada", one => one with { Verdict = Verdict.Rejected });
        Say(1, "ada", one => one with { Verdict = Verdict.Accepted }); // the latest holds
        Say(2, "ada", one => one with { Verdict = Verdict.Accepted, Edited = """{"text":"TWO"}""" });
        Say(3, "ada", one => one with { Verdict = Verdict.Rejected, Comment = "wrong" });
        Say(4, "bob", one => one with { Verdict = Verdict.Accepted }); // of another reviewer

        var made = await services.Get<ReviewedVersion>().MakeAsync(id, "ada", keepOpen: false, TestContext.Current.CancellationToken);

        Assert.Equal((2, 2, 2, 1, "review by ada"), (made.Number, made.Rows, made.BadRows, made.Parent, made.Source));
        var datasets = services.Get<DatasetService>();
        Assert.Equal(["one", "TWO"], (await datasets.RowsAsync(id, 0, 10)).Select(row => row.GetProperty("text").GetString()));
        Assert.Equal([(3, "review: rejected by ada"), (4, "review: not decided by ada")], (await datasets.BadRowsAsync(id)).Select(row => (row.Line, row.Reason)));
    }

    [Fact]
    public async Task Pairs_are_turned_round_where_the_other_answer_was_preferred()
    {
        await using var services = await TestServices.StartAsync();
        string Pair(string name) => $$"""{"prompt":"{{name}}","chosen":"good","rejected":"bad"}""";
        var version = await ImportAsync(services, Pair("a"), Pair("b"), Pair("c"), Pair("d"));
        var (log, id) = (services.Get<ReviewLog>(), version.DatasetId);
        foreach (var (row, preferred) in new[] { (1, Preferred.Chosen), (2, Preferred.Rejected), (3, Preferred.Tie) })
        {
            log.Append(id, new Judgement(version.ContentHash, row, "ada") { Verdict = Verdict.Accepted, Preferred = preferred });
        }

        await services.Get<ReviewedVersion>().MakeAsync(id, "ada", keepOpen: true, TestContext.Current.CancellationToken);

        Assert.Equal(
            [("a", "good", "bad"), ("b", "bad", "good"), ("d", "good", "bad")],
            (await services.Get<DatasetService>().RowsAsync(id, 0, 10)).Select(row => (row.GetProperty("prompt").GetString(), row.GetProperty("chosen").GetString(), row.GetProperty("rejected").GetString())));
    }

    [Fact]
    public async Task What_is_known_and_said_of_rows_goes_with_their_dataset()
    {
        await using var services = await TestServices.StartAsync();
        var (folder, datasets) = (services.Get<DataFolder>(), services.Get<DatasetService>());
        var version = await ImportAsync(services, """{"text":"one"}""");
        var same = await ImportAsync(services, """{"text":"one"}""");
        Directory.CreateDirectory(Path.GetDirectoryName(folder.IndexOf(version.ContentHash))!);
        await File.WriteAllTextAsync(folder.IndexOf(version.ContentHash), "", TestContext.Current.CancellationToken);
        services.Get<ReviewLog>().Append(version.DatasetId, new Judgement(version.ContentHash, 1, "ada"));

        await datasets.DeleteAsync(version.DatasetId, TestContext.Current.CancellationToken);
        Assert.True(File.Exists(folder.IndexOf(version.ContentHash))); // another dataset has the same rows
        Assert.False(File.Exists(folder.ReviewsOf(version.DatasetId)));
        await datasets.DeleteAsync(same.DatasetId, TestContext.Current.CancellationToken);
        Assert.False(File.Exists(folder.IndexOf(version.ContentHash)));
    }

    [Fact]
    public async Task Half_a_line_of_a_killed_process_costs_that_judgement_alone()
    {
        await using var services = await TestServices.StartAsync();
        var log = services.Get<ReviewLog>();
        log.Append("d", Said(1, "ada", Verdict.Accepted));
        await File.AppendAllTextAsync(Path.Combine(services.Get<DataFolder>().Root, "reviews", "d.jsonl"), """{"content_hash":"hash","row":2,"rev""", TestContext.Current.CancellationToken);
        log.Append("d", Said(3, "ada", Verdict.Rejected));
        Assert.Equal([(1, Verdict.Accepted), (3, Verdict.Rejected)], log.Read("d", "hash").Values.Select(one => (one.Row, one.Verdict)));
        Assert.Empty(log.Read("d", "another version"));
        Assert.Throws<UserInputException>(() => ReviewedVersion.ParseEdited("{\"text\":", 7));
    }
}
