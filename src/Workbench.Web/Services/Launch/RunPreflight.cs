using System.Text.Json;
using Workbench.Data.Deduplication;
using Workbench.Data.Filters;
using Workbench.Data.Formats;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Training;
using Workbench.Learning.Training.Planning;
using Workbench.Web.Persistence.Entities;

namespace Workbench.Web.Services.Launch;

/// <summary>Something that a run's owner should know before it starts.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Blocking">Whether it must be acknowledged before the run may start.</param>
/// <param name="Sentence">What was found; places for <paramref name="Values"/> as in a format string.</param>
/// <param name="Remedy">What to do about it.</param>
/// <param name="Values">What fills the places.</param>
public sealed record PreflightFinding(string Rule, bool Blocking, string Sentence, string Remedy, params object[] Values);

/// <summary>A run looked at before it starts.</summary>
/// <param name="Rows">The rows to be shown, with their numbers in the dataset, from 0.</param>
/// <param name="Findings">Blocking ones first.</param>
/// <param name="Estimate">Null where nothing in the sample can be trained on.</param>
public sealed record PreflightReport(IReadOnlyList<(int Number, ProbedRow Row)> Rows, IReadOnlyList<PreflightFinding> Findings, RunEstimate? Estimate);

/// <summary>Looks at a run before it starts: how random rows will be trained, what is wrong with that, and what it will take.</summary>
public sealed class RunPreflight(RunPlanner planner, DatasetService datasets, LintService lint, TokenizerCache tokenizers, SpeedHistory history, DataFolder folder)
{
    /// <summary>Rows that the estimate goes by.</summary>
    private const int Sampled = 200;

    /// <summary>Rows that are shown.</summary>
    private const int Shown = 4;

    /// <summary>Rows of the training set that are compared with the evaluation set.</summary>
    private const int Compared = 20_000;

    /// <summary>Looks at the run.</summary>
    /// <param name="config">The configuration, as it would be started.</param>
    /// <param name="seed">Chooses the rows that are shown; others with another seed.</param>
    /// <param name="cancellationToken">Ends the look once something has changed.</param>
    /// <exception cref="UserInputException">The configuration cannot be used.</exception>
    public async Task<PreflightReport> LookAsync(string config, int seed, CancellationToken cancellationToken = default)
    {
        var asked = RunPlanner.Parse(config);
        var plan = await planner.PlanAsync(config, null, Path.GetTempPath(), cancellationToken);
        var version = DatasetReference.Find(await datasets.ListAsync(cancellationToken), asked.Dataset)
            ?? throw new UserInputException("Only datasets of this workbench can be looked at.", "Import the file first.", "dataset");
        var rows = await SampleAsync(version, Sampled, seed: 0, cancellationToken);
        var shown = await SampleAsync(version, Shown, seed, cancellationToken);
        return await Task.Run(
            async () =>
            {
                var model = Explained(() => DecoderConfigReader.Read(plan.Config.ModelNameOrPath));
                var used = plan.Config with { MaxLength = Math.Min(plan.Config.MaxLength, model.MaxPositionEmbeddings) };
                var probe = Explained(() => RowProbe.Load(used));
                var sample = rows.Select(row => probe.Encode(row.Json)).ToList();
                var findings = Findings(used, sample, beyondContext: used.MaxLength < plan.Config.MaxLength);
                findings.AddRange(await TemplateFindingsAsync(asked, cancellationToken));
                findings.AddRange(Leakage(plan.Config, cancellationToken));
                var lengths = RowLengths.Of(version.Rows, sample, used);
                var machine = LaunchChecks.Of(used, model, null, folder.Runs);
                var estimate = lengths is null || machine.Any(problem => problem.Rule == "no-device") ? null : await history.EstimateAsync(plan.Config, lengths, cancellationToken);
                machine = estimate is null ? machine : LaunchChecks.Of(used, model, estimate.DiskBytes, folder.Runs);
                findings.AddRange(machine.Select(problem => new PreflightFinding(
                    problem.Rule, true, "{0}", "The run would end with this error.", problem.Problem)));
                return new PreflightReport(
                    [.. shown.Select(row => (row.Number, probe.Encode(row.Json)))],
                    [.. findings.OrderByDescending(finding => finding.Blocking)],
                    estimate);
            },
            cancellationToken);
    }

    private static T Explained<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (Failure.Of(exception) is { } failure)
        {
            throw new UserInputException(failure.Message, failure.Remedy ?? "Choose another template or model.", failure.Place, exception);
        }
    }

    private async Task<List<(int Number, JsonElement Json)>> SampleAsync(DatasetVersion version, int count, int seed, CancellationToken cancellationToken)
    {
        var total = version.Rows;
        var random = new Random(seed); // the same rows for the same seed, so that going back shows them again
        int[] numbers = total <= count ? [.. Enumerable.Range(0, total)] : [.. Enumerable.Range(0, count * 2).Select(_ => random.Next(total)).Distinct().Take(count)];
        var rows = new List<(int, JsonElement)>();
        foreach (var number in numbers)
        {
            rows.AddRange((await datasets.RowsAsync(version, number, 1, cancellationToken)).Select(row => (number, row)));
        }

        return rows;
    }

    private static List<PreflightFinding> Findings(RunConfig config, List<ProbedRow> sample, bool beyondContext)
    {
        var findings = new List<PreflightFinding>();
        if (sample.Count == 0)
        {
            findings.Add(new("empty", true, "The dataset has no rows.", "The run would end with an error: choose another dataset, or another version of it."));
        }

        if (sample.FirstOrDefault(row => row.Problem is not null) is { Problem: { } problem })
        {
            findings.Add(new(
                "row-not-encodable", true, "{0} of {1} sampled rows cannot be trained on: {2}", "The run would end with this error: correct the rows, or choose another method or template.",
                sample.Count(row => row.Problem is not null), sample.Count, problem));
        }

        var empty = sample.Count(row => row.Problem is null && row.Sequences.Any(sequence => sequence.Trained == 0));
        if (empty > 0)
        {
            findings.Add(new(
                "nothing-trained", true, "Nothing is trained in {0} of {1} sampled rows.", "They would be left out. Does max_length reach the answers, and does the template mark the assistant's turns?", empty, sample.Count));
        }

        var cut = sample.Count(row => row.Sequences.Any(sequence => sequence.Tokens > config.MaxLength));
        if (cut > 0 && config.Method is not ("pretrain" or "grpo")) // long documents go on in further rows, and prompts are never cut
        {
            findings.Add(beyondContext ? new(
                "context", false, "{0} of {1} sampled rows are longer than the model's context of {2} tokens and would be cut at their end.", "Filter long rows out, or choose a model with a longer context.",
                cut, sample.Count, config.MaxLength)
            : new(
                "cut", false, "{0} of {1} sampled rows are longer than max_length and would be cut at their end.", "Raise max_length, or filter long rows out.", cut, sample.Count));
        }

        return findings;
    }

    /// <summary>What the linter says of the template about the end of turns; other findings stand on the templates page.</summary>
    private async Task<IEnumerable<PreflightFinding>> TemplateFindingsAsync(RunConfig config, CancellationToken cancellationToken)
    {
        var entry = await planner.FindModelAsync(config.ModelNameOrPath, cancellationToken);
        var template = config.ChatTemplate ?? (entry is null ? null : tokenizers.Get(entry.TokenizerPath).ChatTemplate);
        if (template is null || entry is null)
        {
            return [];
        }

        var found = await lint.LintAsync(template, entry.Id, cancellationToken);
        return found.Where(finding => finding.Rule == "end-of-turn-not-trained").Take(1).Select(finding => new PreflightFinding(
            "end-of-turn-not-trained", true, "{0}", "The model would not learn to stop. Repair the template on the templates page.", finding.Message));
    }

    private static IEnumerable<PreflightFinding> Leakage(RunConfig config, CancellationToken cancellationToken)
    {
        if (config.EvalDataset is not { } evaluation)
        {
            return [];
        }

        if (evaluation == config.Dataset)
        {
            return [new("leakage", true, "Evaluation and training use the same rows.", "The evaluation would measure memory: split the dataset, and evaluate on the other part.")];
        }

        var rows = File.ReadLines(config.Dataset).Take(Compared).Select((line, i) => (Line: i + 1, Json: line)).ToList();
        var items = rows.Select(row => new RowItem(row.Line, RowParser.Parse(System.Text.Encoding.UTF8.GetBytes(row.Json))));
        var leaked = new LeakageFilter { Against = [evaluation] }.Apply(items, cancellationToken).Count(verdict => !verdict.Kept);
        return leaked == 0 ? [] :
        [
            new("leakage", true, "{0} of {1} training rows hold text of the evaluation rows.", "The evaluation would look better than the model is: remove them with the recipe step “leakage”.", leaked, rows.Count),
        ];
    }
}
