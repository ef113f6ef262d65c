using System.CommandLine;
using Workbench.Data.Deduplication;
using Workbench.Data.Filters;

namespace Workbench.Web.Commands.Data;

/// <summary><c>workbench data dedup</c>: rows that say the same, or nearly.</summary>
internal static class DedupOperation
{
    public static Command Create(VerbIo io)
    {
        var exact = new Option<bool>("--exact") { Description = "Only rows that say the same, case and white space aside." };
        var near = new Option<double>("--near") { Description = "Jaccard similarity of word n-grams from which on rows are duplicates; 0.5 to 1.", HelpName = "S", DefaultValueFactory = _ => 0.8 };
        var ngram = new Option<int>("--ngram") { Description = "Words in an n-gram.", HelpName = "N", DefaultValueFactory = _ => 3 };
        var part = new Option<RowPart>("--part") { Description = "What is compared.", DefaultValueFactory = _ => RowPart.All };
        var prompt = new Option<bool>("--within-prompt") { Description = "For preferences: pairs of one prompt, and pairs whose answers are nearly the same." };
        return new RecipeRun().Command(
            io,
            "dedup",
            "Keep the first of rows that say the same, then of rows that say nearly the same (MinHash with LSH, every candidate checked).",
            arguments =>
            {
                var compared = arguments.GetValue(part);
                var steps = new List<IRowOperator> { new ExactDedup { Part = compared } };
                if (!arguments.GetValue(exact))
                {
                    steps.Add(new NearDedup { Part = compared, Threshold = arguments.GetValue(near), Ngram = arguments.GetValue(ngram) });
                }

                return new Recipe { Steps = arguments.GetValue(prompt) ? [new WithinPromptDedup()] : steps };
            },
            exact, near, ngram, part, prompt);
    }
}
