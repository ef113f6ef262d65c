using System.CommandLine;
using Workbench.Data.Rewards;
using Workbench.Data.Rewards.Candidates;

namespace Workbench.Web.Commands.Data;

/// <summary><c>workbench data best-of</c>: rejection sampling.</summary>
internal static class BestOfOperation
{
    public static Command Create(VerbIo io)
    {
        var least = new Option<double?>("--min-score") { Description = "Leave a prompt out whose best answer scores less.", HelpName = "S" };
        var keep = new Option<int>("--keep") { Description = "How many of the best answers to keep.", HelpName = "N", DefaultValueFactory = _ => 1 };
        return new CandidateRun().Command(
            io,
            "best-of",
            "The best of several answers as a row to train on: {\"prompt\",\"completion\",\"score\"}. The answers are scored already, or by --rewards.",
            mustScore: false,
            arguments => arguments.GetValue(keep) is var count and > 0
                ? new BestOf { MinScore = arguments.GetValue(least), Keep = count }.Of
                : throw new RewardException("best-of: --keep must be at least 1."),
            least, keep);
    }
}
