using System.CommandLine;
using Workbench.Data.Rewards.Candidates;

namespace Workbench.Web.Commands.Data;

/// <summary><c>workbench data pairs</c>: preference pairs for DPO.</summary>
internal static class PairsOperation
{
    public static Command Create(VerbIo io)
    {
        var defaults = new PreferencePairs();
        var margin = new Option<double>("--margin") { Description = "Least difference of the scores.", HelpName = "M", DefaultValueFactory = _ => defaults.Margin };
        var strategy = new Option<PairStrategy>("--strategy") { Description = "BestWorst: one pair a prompt; All: every pair that the margin allows, the widest first.", DefaultValueFactory = _ => defaults.Strategy };
        var most = new Option<int>("--max-per-prompt") { Description = "Most pairs of one prompt.", HelpName = "N", DefaultValueFactory = _ => defaults.MaxPerPrompt };
        return new CandidateRun().Command(
            io,
            "pairs",
            "Better against worse: {\"prompt\",\"chosen\",\"rejected\",\"score_chosen\",\"score_rejected\"}. The answers are scored already, or by --rewards.",
            mustScore: false,
            arguments =>
            {
                var pairs = new PreferencePairs
                {
                    Margin = arguments.GetValue(margin), Strategy = arguments.GetValue(strategy), MaxPerPrompt = arguments.GetValue(most),
                };
                pairs.Check();
                return pairs.Of;
            },
            margin, strategy, most);
    }
}
