using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Workbench.Language.Tokenizers;

namespace Workbench.Benchmarks.Differential.Tokenizers;

/// <summary>Encodes and decodes the rows of jobs with the official library (npm tokenizers, run by node) and with this one.</summary>
/// <param name="packages">The folder whose node_modules holds tokenizers.</param>
internal sealed class TokenizerComparison(string packages)
{
    private const int Kept = 50;
    private const long MemoryLimit = 6L << 30;
    private readonly List<string> _differences = [];
    private readonly List<TokenizerJob> _differingJobs = [];

    /// <summary>Rows compared.</summary>
    public int Rows { get; private set; }

    /// <summary>Rows for which both libraries gave an encoding.</summary>
    public int Encoded { get; private set; }

    /// <summary>Rows at which the official library ended its process, and so has no answer to compare with.</summary>
    public int Panics { get; private set; }

    /// <summary>Rows of tokenizers that the official library does not load.</summary>
    public int Refused { get; private set; }

    /// <summary>Rows of tokenizers with added tokens that normalize to the same text, or to nothing: what is found is arbitrary.</summary>
    public int Arbitrary { get; private set; }

    /// <summary>Rows that differ.</summary>
    public int Different { get; private set; }

    /// <summary>The first differences, one a line: tokenizer, text, both results.</summary>
    public IReadOnlyList<string> Differences => _differences;

    /// <summary>The same as jobs of one row each, for another look; those of made-up tokenizers alone.</summary>
    public IReadOnlyList<TokenizerJob> DifferingJobs => _differingJobs;

    public void Compare(IReadOnlyList<TokenizerJob> jobs)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(file, jobs.Select(job => job.ToJson()));
            var total = jobs.Sum(job => job.Rows.Count);
            using var expected = Answers(file, total).GetEnumerator();
            foreach (var job in jobs)
            {
                var (tokenizer, trouble) = Load(job);
                foreach (var row in job.Rows)
                {
                    expected.MoveNext();
                    Compare(job, row, tokenizer, trouble, expected.Current);
                }
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    public string Summary() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Rows:N0} texts, {Encoded:N0} encoded by both; {Different:N0} differ. The official library refused the tokenizer of {Refused:N0}, ended at {Panics:N0} and is arbitrary at {Arbitrary:N0}.");

    /// <summary>The official library's answers in order; null for a row at which its process ended.</summary>
    private IEnumerable<string?> Answers(string jobs, int total)
    {
        var done = 0;
        while (done < total)
        {
            var driver = Path.Combine(AppContext.BaseDirectory, "Differential", "tokenizer_oracle.mjs");
            // Some tokenizers make the library ask for memory without end: the shell sets a limit, in KiB.
            using var node = Process.Start(new ProcessStartInfo(
                "sh", ["-c", $"ulimit -v {MemoryLimit >> 10}; exec node \"$@\"", "node", driver, jobs, done.ToString(CultureInfo.InvariantCulture)])
            {
                WorkingDirectory = packages,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardOutputEncoding = Encoding.UTF8,
            })!;
            var errors = node.StandardError.ReadToEndAsync();
            while (node.StandardOutput.ReadLine() is { } answer)
            {
                done++;
                yield return answer;
            }

            node.WaitForExit();
            if (done < total)
            {
                var complaint = errors.GetAwaiter().GetResult();
                if (!complaint.Contains("panicked", StringComparison.Ordinal) && !complaint.Contains("memory allocation", StringComparison.Ordinal))
                {
                    throw new InvalidOperationException($"the official library ended before row {done} with {node.ExitCode}: {complaint}");
                }

                done++;
                yield return null;
            }
        }
    }

    private static (Tokenizer? Tokenizer, string? Trouble) Load(TokenizerJob job)
    {
        try
        {
            return (job.File is { } file ? Tokenizer.Load(file) : Tokenizer.Parse(job.Json!.ToJsonString()), null);
        }
        catch (TokenizerException e)
        {
            return (null, e.Message);
        }
    }

    private void Compare(TokenizerJob job, TokenizerRow row, Tokenizer? tokenizer, string? trouble, string? expected)
    {
        Rows++;
        if (expected is null)
        {
            Panics++;
            return;
        }

        using var document = JsonDocument.Parse(expected);
        if (document.RootElement.TryGetProperty("load", out _))
        {
            Refused++;
            return;
        }

        if (document.RootElement.TryGetProperty("arbitrary", out _))
        {
            Arbitrary++;
            return;
        }

        var actual = tokenizer is null ? new Answer(trouble!) : Encode(tokenizer, row, job.File is null);
        var official = Answer.Read(document.RootElement);
        if (actual.Error is null && official.Error is null)
        {
            Encoded++;
        }

        if (actual.DifferenceTo(official, !SpellsAffixesInBytes(job)) is not { } difference)
        {
            return;
        }

        Different++;
        if (_differences.Count < Kept)
        {
            var name = job.File is null ? $"{job.Name} {Outline(job)}" : job.Name;
            if (job.File is null)
            {
                _differingJobs.Add(job with { Rows = [row] });
            }

            _differences.Add($"{name}\n  {TokenizerJob.Literal(row.Text)} pair {(row.Pair is null ? "none" : TokenizerJob.Literal(row.Pair))} special {row.AddSpecialTokens}\n  {difference}");
        }
    }

    private static Answer Encode(Tokenizer tokenizer, TokenizerRow row, bool toLength)
    {
        try
        {
            var encoding = toLength && (tokenizer.Truncation is not null || tokenizer.Padding is not null)
                ? tokenizer.EncodeToLength(row.Text, row.Pair, row.AddSpecialTokens)
                : row.Pair is null ? tokenizer.Encode(row.Text, row.AddSpecialTokens) : tokenizer.Encode(row.Text, row.Pair, row.AddSpecialTokens);
            return new Answer(encoding.Ids, encoding.Offsets, encoding.TypeIds, tokenizer.Decode(encoding.Ids, skipSpecialTokens: true), tokenizer.Decode(encoding.Ids));
        }
        catch (TokenizerException e)
        {
            return new Answer(e.Message);
        }
    }

    /// <summary>
    /// Whether byte_fallback writes the bytes of a BPE's prefix or suffix too. The official library then counts a word's positions
    /// beyond its end, and its offsets lie somewhere in the document.
    /// </summary>
    private static bool SpellsAffixesInBytes(TokenizerJob job) => job.Json?["model"] is { } model && model["byte_fallback"]?.GetValue<bool>() == true
        && (model["continuing_subword_prefix"] is not null || model["end_of_word_suffix"] is not null);

    private static string Outline(TokenizerJob job) =>
        string.Join(' ', job.Json!.Where(member => member.Key != "model").Select(member => $"{member.Key}={member.Value?.ToJsonString()}"))
        + " model=" + string.Join(' ', job.Json!["model"]!.AsObject().Where(member => member.Key is not "vocab" and not "merges").Select(member => $"{member.Key}={member.Value?.ToJsonString()}"));
}
