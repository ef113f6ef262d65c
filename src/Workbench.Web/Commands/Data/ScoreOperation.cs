using System.CommandLine;
using Workbench.Data.Rewards.Candidates;

namespace Workbench.Web.Commands.Data;

/// <summary><c>workbench data score</c>: rewards for every answer.</summary>
internal static class ScoreOperation
{
    public static Command Create(VerbIo io) => new CandidateRun().Command(
        io,
        "score",
        "Score answers. In: {\"prompt\",\"candidates\":[…]} or rows of prompt and completion (those of one prompt follow each other), with the columns that say what is right; "
        + "out: one row a prompt, each candidate with score, scores and reasons.",
        mustScore: true,
        _ => set => [CandidateScoring.ToRow(set)]);
}
