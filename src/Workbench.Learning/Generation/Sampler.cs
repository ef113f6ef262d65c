namespace Workbench.Learning.Generation;

/// <summary>
/// Chooses the next token from logits. Options act in the order of transformers: repetition penalty, temperature, top_k,
/// top_p (Holtzman et al., 2019), min_p (Nguyen et al., 2024).
/// </summary>
public sealed class Sampler
{
    private readonly SamplingOptions _options;
    private readonly SplitMix64 _random;

    public Sampler(SamplingOptions options)
    {
        options.Validate();
        _options = options;
        Seed = options.Seed ?? Random.Shared.NextInt64();
        _random = new SplitMix64((ulong)Seed);
    }

    /// <summary>The seed in use, given or drawn.</summary>
    public long Seed { get; }

    /// <summary>The next token.</summary>
    /// <param name="logits">(V); left as they are.</param>
    /// <param name="seen">Tokens of prompt and answer so far, for the repetition penalty.</param>
    public int Next(ReadOnlySpan<float> logits, IReadOnlySet<int> seen)
    {
        if (_options is { Temperature: 0, RepetitionPenalty: 1 })
        {
            return ArgMax(logits);
        }

        var penalised = Penalise(logits, seen);
        if (_options.Temperature == 0)
        {
            return ArgMax(penalised);
        }

        var candidates = Candidates(penalised);
        var point = _random.NextDouble();
        foreach (var (id, probability) in candidates)
        {
            point -= probability;
            if (point < 0)
            {
                return id;
            }
        }

        return candidates[^1].Id; // rounding may leave the last crumb
    }

    /// <summary>The tokens that may follow with their probabilities, which add up to 1.</summary>
    internal List<(int Id, double Probability)> Candidates(ReadOnlySpan<float> logits)
    {
        var best = logits[ArgMax(logits)];
        var candidates = new List<(int Id, double Probability)>(logits.Length);
        for (var id = 0; id < logits.Length; id++)
        {
            candidates.Add((id, Math.Exp((logits[id] - best) / _options.Temperature)));
        }

        if (_options is { TopK: 0, TopP: 1, MinP: 0 })
        {
            return Normalise(candidates);
        }

        candidates.Sort((a, b) => a.Probability != b.Probability ? b.Probability.CompareTo(a.Probability) : a.Id.CompareTo(b.Id));
        if (_options.TopK > 0 && _options.TopK < candidates.Count)
        {
            candidates.RemoveRange(_options.TopK, candidates.Count - _options.TopK);
        }

        if (_options.TopP < 1)
        {
            var (enough, mass, kept) = (_options.TopP * candidates.Sum(candidate => candidate.Probability), 0.0, 0);
            while (kept < candidates.Count && mass < enough)
            {
                mass += candidates[kept++].Probability;
            }

            candidates.RemoveRange(kept, candidates.Count - kept);
        }

        var least = _options.MinP * candidates[0].Probability;
        candidates.RemoveAll(candidate => candidate.Probability < least);
        return Normalise(candidates);
    }

    private static List<(int Id, double Probability)> Normalise(List<(int Id, double Probability)> candidates)
    {
        var sum = candidates.Sum(candidate => candidate.Probability);
        return candidates.ConvertAll(candidate => (candidate.Id, candidate.Probability / sum));
    }

    private float[] Penalise(ReadOnlySpan<float> logits, IReadOnlySet<int> seen)
    {
        var result = logits.ToArray();
        if (_options.RepetitionPenalty != 1)
        {
            foreach (var id in seen)
            {
                result[id] = (float)(result[id] > 0 ? result[id] / _options.RepetitionPenalty : result[id] * _options.RepetitionPenalty);
            }
        }

        return result;
    }

    /// <summary>The first of the largest.</summary>
    public static int ArgMax(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var id = 1; id < logits.Length; id++)
        {
            if (logits[id] > logits[best])
            {
                best = id;
            }
        }

        return best;
    }

    /// <summary>Log-probability of a token under a softmax over all logits.</summary>
    public static double LogProbability(ReadOnlySpan<float> logits, int id)
    {
        double best = logits[ArgMax(logits)];
        double sum = 0;
        foreach (var logit in logits)
        {
            sum += Math.Exp(logit - best);
        }

        return logits[id] - best - Math.Log(sum);
    }
}
