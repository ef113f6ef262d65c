using System.CommandLine;
using System.Text.Json.Nodes;
using Workbench.Data.Formats;
using Workbench.Data.Rewards;
using Workbench.Data.Rewards.Candidates;
using Workbench.Web.Services.Chat;
using Workbench.Web.Services.Teachers;

namespace Workbench.Web.Commands.Data;

/// <summary>What operations on several answers to a prompt share: gathering, scoring on all cores, and counting.</summary>
internal sealed class CandidateRun
{
    private readonly DataOptions options = new();

    private readonly Option<string?> rewards = new("--rewards")
    {
        Description = "JSON: {\"rewards\":[{\"reward\":\"numeric\",\"weight\":1} …]}, in a file or as it is. Rewards: " + string.Join(", ", RewardSet.Known) + ".",
        HelpName = "F_OR_JSON",
    };

    /// <summary>A command that makes rows of scored sets.</summary>
    public Command Command(VerbIo io, string name, string description, bool mustScore, Func<ParseResult, Func<CandidateSet, IReadOnlyList<Row>>> make, params Option[] more)
    {
        rewards.Required = mustScore;
        return options.Command(name, description, (arguments, cancellationToken) => Run(io, make(arguments), arguments, cancellationToken), [rewards, .. more]);
    }

    private int Run(VerbIo io, Func<CandidateSet, IReadOnlyList<Row>> make, ParseResult arguments, CancellationToken cancellationToken)
    {
        var run = new DataRun(io, options, arguments, cancellationToken);
        var judged = arguments.GetValue(rewards) is { } given ? RewardSet.Parse(given.TrimStart().StartsWith('{') ? given : Files.Text(given, "rewards")) : null;
        using var models = new RewardModels(folder => new ChatWeights(folder, folder, null), null, TimeProvider.System, cancellationToken);
        var judge = judged?.Prepare(models);
        var (prompts, candidates) = (0, 0);
        IEnumerable<Row> Rows()
        {
            foreach (var batch in CandidateSet.Gather(run.Rows(), (line, reason) => run.Reject(line, reason)).Chunk(64))
            {
                var made = new (IReadOnlyList<Row>? Rows, string? Problem)[batch.Length];
                Parallel.For(0, batch.Length, new ParallelOptions { CancellationToken = cancellationToken }, i => made[i] = Made(batch[i], judge, judged?.AsksModel ?? false, make));
                for (var i = 0; i < batch.Length; i++)
                {
                    prompts++;
                    candidates += batch[i].Candidates.Count;
                    if (made[i].Problem is { } problem)
                    {
                        run.Reject(batch[i].Number, problem);
                    }

                    foreach (var row in made[i].Rows ?? [])
                    {
                        yield return row;
                    }
                }
            }
        }

        return run.Finish(Rows(), _ => new JsonObject { ["prompts"] = prompts, ["candidates"] = candidates });
    }

    private static (IReadOnlyList<Row>? Rows, string? Problem) Made(CandidateSet set, Func<RewardInput, CombinedScore>? judge, bool together, Func<CandidateSet, IReadOnlyList<Row>> make)
    {
        try
        {
            return (make(judge is null ? set : CandidateScoring.Score(set, judge, together)), null);
        }
        catch (Exception exception) when (exception is RewardException or RowFormatException)
        {
            return (null, exception.Message);
        }
    }
}
