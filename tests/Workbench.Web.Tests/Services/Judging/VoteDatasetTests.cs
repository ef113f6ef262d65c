using Workbench.Data.Formats;
using Workbench.Web.Services;
using Workbench.Web.Services.Judging;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Services.Judging;

public sealed class VoteDatasetTests
{
    [Fact]
    public async Task Every_vote_becomes_a_preference_row_and_what_prefers_nothing_is_kept_aside()
    {
        await using var services = await TestServices.StartAsync();
        var (votes, dataset) = (services.Get<VoteStore>(), services.Get<VoteDataset>());
        votes.Add(EloRatingsTests.Vote("base", "tuned", Verdict.Tie));
        Assert.Null(await dataset.WriteAsync()); // nothing to prefer yet

        votes.Add(EloRatingsTests.Vote("base", "tuned", Verdict.B));
        votes.Add(EloRatingsTests.Vote("base", "tuned", Verdict.BothBad));
        Assert.Equal(3, await dataset.PendingAsync());
        var first = (await dataset.WriteAsync())!.Latest;
        Assert.Equal((1, 1, 2, RowShape.Preference), (first.Number, first.Rows, first.BadRows, first.Shape));
        var row = Assert.Single(await services.Get<DatasetService>().RowsAsync(first.DatasetId, 0, 10));
        Assert.Equal(RowShape.Preference, RowShapes.Detect(row));
        Assert.Equal(("p", "tuned says", "base says"), (
            row.GetProperty("prompt")[0].GetProperty("content").GetString(),
            row.GetProperty("chosen")[0].GetProperty("content").GetString(),
            row.GetProperty("rejected")[0].GetProperty("content").GetString()));
        Assert.Equal(("tuned", "base"), (row.GetProperty("chosen_model").GetString(), row.GetProperty("rejected_model").GetString()));
        Assert.Equal(["a tie prefers neither answer", "both answers are bad"], (await services.Get<DatasetService>().BadRowsAsync(first.DatasetId)).Select(bad => bad.Reason));
        Assert.Equal(0, await dataset.PendingAsync());
    }

    [Fact]
    public async Task More_votes_make_a_version_that_knows_its_parent_and_none_make_none()
    {
        await using var services = await TestServices.StartAsync();
        var (votes, dataset) = (services.Get<VoteStore>(), services.Get<VoteDataset>());
        votes.Add(EloRatingsTests.Vote("base", "tuned", Verdict.A));
        var id = (await dataset.WriteAsync())!.Id;
        await dataset.WriteAsync();
        votes.Add(EloRatingsTests.Vote("base", "tuned", Verdict.B));
        await dataset.WriteAsync();
        var versions = (await services.Get<DatasetService>().GetAsync(id)).Versions.OrderBy(version => version.Number).Select(version => (version.Number, version.Parent, version.Rows));
        Assert.Equal([(1, null, 1), (2, 1, 2)], versions);

        await services.Get<DatasetService>().DeleteAsync(id);
        Assert.NotEqual(id, (await dataset.WriteAsync())!.Id); // the votes are kept, so the dataset can be made anew
    }

    [Fact]
    public async Task A_line_that_a_crash_cut_short_costs_no_other_vote()
    {
        await using var services = await TestServices.StartAsync();
        var votes = services.Get<VoteStore>();
        votes.Add(EloRatingsTests.Vote("a", "b", Verdict.A));
        await File.AppendAllTextAsync(Path.Combine(services.Root, "judging", "votes.jsonl"), "{\"Prompt\":\"x", TestContext.Current.CancellationToken);
        votes.Add(EloRatingsTests.Vote("a", "b", Verdict.B));
        Assert.Equal([Verdict.A, Verdict.B], votes.All().Select(vote => vote.Verdict));
    }
}
