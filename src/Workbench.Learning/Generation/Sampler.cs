using System.Numerics;

namespace Workbench.Learning.Generation;

/// <summary>
/// Chooses the next token from logits. Options act in the order of transformers: repetition penalty (presence and frequency
/// penalty after it, as in vLLM), temperature, top_k, top_p (Holtzman et al., 2019), min_p (Nguyen et al., 2024).
/// </summary>
public sealed class Sampler
{
    private readonly SamplingOptions _options;
    private readonly SplitMix64 _random;
    private double[] _weights = []; // of the tokens weighed last

    public Sampler(SamplingOptions options)
    {
        options.Validate();
        _options = options;
        Seed = options.Seed ?? Random.Shared.NextInt64();
        _random = new SplitMix64((ulong)Seed);
    }

    /// <summary>The seed in use, given or drawn.</summary>
    public long Seed { get; }

    /// <summary>How undecided the model was about the latest token, in nats: over all tokens, at the temperature; 0 where that is 0.</summary>
    internal double LastEntropy { get; private set; }

    /// <summary>The next token.</summary>
    /// <param name="logits">(V); left as they are.</param>
    /// <param name="seen">Tokens of prompt and answer so far, for the repetition penalty.</param>
    /// <param name="counts">How often the answer so far holds each of its tokens, for presence and frequency penalty; null for not at all.</param>
    public int Next(ReadOnlySpan<float> logits, IReadOnlySet<int> seen, IReadOnlyDictionary<int, int>? counts = null)
    {
        if (_options is { Temperature: 0, RepetitionPenalty: 1, PresencePenalty: 0, FrequencyPenalty: 0 })
        {
            return ArgMax(logits);
        }

        var penalised = _options is { RepetitionPenalty: 1, PresencePenalty: 0, FrequencyPenalty: 0 } ? logits : Penalise(logits, seen, counts ?? EmptyCounts);
        return _options switch
        {
            { Temperature: 0 } => ArgMax(penalised),
            { TopK: 0, TopP: 1, MinP: 0 } => AnyOf(penalised),
            _ => OneOf(Candidates(penalised)),
        };
    }

    /// <summary>One of all tokens, without a list of them.</summary>
    private int AnyOf(ReadOnlySpan<float> logits)
    {
        var point = _random.NextDouble() * Weigh(logits);
        var last = 0;
        for (var id = 0; id < logits.Length; id++)
        {
            if (_weights[id] > 0)
            {
                last = id;
                point -= _weights[id];
                if (point < 0)
                {
                    break;
                }
            }
        }

        return last; // of those that can be chosen, where rounding left the last crumb
    }

    private int OneOf(List<(int Id, double Probability)> candidates)
    {
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
        var total = Weigh(logits);
        var weights = _weights.AsSpan(0, logits.Length);
        var candidates = new List<(int Id, double Probability)>();
        var least = Negligible(weights, total);
        for (var id = 0; id < weights.Length; id++)
        {
            if (weights[id] >= least)
            {
                candidates.Add((id, weights[id]));
            }
        }

        if (_options is { TopK: 0, TopP: 1, MinP: 0 })
        {
            return Normalise(candidates);
        }

        candidates.Sort((a, b) => a.Probability != b.Probability ? b.Probability.CompareTo(a.Probability) : a.Id.CompareTo(b.Id));
        if (_options.TopK > 0 && _options.TopK < candidates.Count)
        {
            candidates.RemoveRange(_options.TopK, candidates.Count - _options.TopK);
            total = candidates.Sum(candidate => candidate.Probability);
        }

        if (_options.TopP < 1)
        {
            var (enough, mass, kept) = (_options.TopP * total, 0.0, 0);
            while (kept < candidates.Count && mass < enough)
            {
                mass += candidates[kept++].Probability;
            }

            candidates.RemoveRange(kept, candidates.Count - kept);
        }

        candidates.RemoveAll(candidate => candidate.Probability < _options.MinP);
        return Normalise(candidates);
    }

    /// <summary>Its exponential is 0, and so is the product of both, which it would not be for minus infinity.</summary>
    private const double LeastExponent = -10_000;

    /// <summary>Fills <see cref="_weights"/> with each token's weight at the temperature, 1 for the best; returns their sum.</summary>
    private double Weigh(ReadOnlySpan<float> logits)
    {
        if (_weights.Length < logits.Length)
        {
            _weights = new double[logits.Length];
        }

        double best = Max(logits);
        var (bests, temperature, least) = (new Vector<double>(best), new Vector<double>(_options.Temperature), new Vector<double>(LeastExponent));
        var (sums, products) = (Vector<double>.Zero, Vector<double>.Zero); // of the weights, and of the weights times their logarithms
        var (i, half) = (0, Vector<double>.Count);
        for (; i + Vector<float>.Count <= logits.Length; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(logits[i..]), out var low, out var high);
            (low, high) = (Vector.Max((low - bests) / temperature, least), Vector.Max((high - bests) / temperature, least));
            var (ofLow, ofHigh) = (Vector.Exp(low), Vector.Exp(high));
            ofLow.CopyTo(_weights, i);
            ofHigh.CopyTo(_weights, i + half);
            sums += ofLow + ofHigh;
            products += (ofLow * low) + (ofHigh * high);
        }

        var (total, exponents) = (Vector.Sum(sums), Vector.Sum(products));
        for (; i < logits.Length; i++)
        {
            var exponent = Math.Max((logits[i] - best) / _options.Temperature, LeastExponent);
            total += _weights[i] = Math.Exp(exponent);
            exponents += _weights[i] * exponent;
        }

        LastEntropy = Math.Log(total) - (exponents / total);
        return total;
    }

    /// <summary>A weight below which no token can be chosen, so that only a few need to be sorted.</summary>
    private double Negligible(ReadOnlySpan<double> weights, double total)
    {
        if (_options.TopK > 0 && _options.TopK < weights.Length)
        {
            return Math.Max(_options.TopP == 1 ? _options.MinP : 0, LargestBound(weights, _options.TopK));
        }

        // All tokens below this have less than 1 - top_p of the probability together; a hair lower, for rounding.
        return Math.Max(_options.TopP == 1 ? _options.MinP : 0, (1 - _options.TopP) * total / weights.Length * (1 - 1e-9));
    }

    /// <summary>The largest of a few values that at least <paramref name="count"/> weights reach.</summary>
    private static double LargestBound(ReadOnlySpan<double> weights, int count)
    {
        foreach (var bound in Bounds)
        {
            var reached = 0;
            foreach (var weight in weights)
            {
                reached += weight >= bound ? 1 : 0;
            }

            if (reached >= count)
            {
                return bound;
            }
        }

        return 0;
    }

    private static readonly double[] Bounds = [1e-1, 1e-2, 1e-3, 1e-4, 1e-6, 1e-9, 1e-15];

    private static List<(int Id, double Probability)> Normalise(List<(int Id, double Probability)> candidates)
    {
        var sum = candidates.Sum(candidate => candidate.Probability);
        return candidates.ConvertAll(candidate => (candidate.Id, candidate.Probability / sum));
    }

    private static readonly Dictionary<int, int> EmptyCounts = [];

    private float[] Penalise(ReadOnlySpan<float> logits, IReadOnlySet<int> seen, IReadOnlyDictionary<int, int> counts)
    {
        var result = logits.ToArray();
        if (_options.RepetitionPenalty != 1)
        {
            foreach (var id in seen)
            {
                result[id] = (float)(result[id] > 0 ? result[id] / _options.RepetitionPenalty : result[id] * _options.RepetitionPenalty);
            }
        }

        if (_options is not { PresencePenalty: 0, FrequencyPenalty: 0 })
        {
            foreach (var (id, count) in counts)
            {
                result[id] -= (float)(_options.PresencePenalty + (_options.FrequencyPenalty * count));
            }
        }

        return result;
    }

    /// <summary>The <paramref name="count"/> largest logits, best first; of equal ones the smaller id.</summary>
    internal static IReadOnlyList<(int Id, float Logit)> Largest(ReadOnlySpan<float> logits, int count)
    {
        var best = new List<(int Id, float Logit)>(count + 1);
        for (var id = 0; id < logits.Length; id++)
        {
            if (best.Count == count && logits[id] <= best[^1].Logit)
            {
                continue;
            }

            var at = best.Count;
            while (at > 0 && best[at - 1].Logit < logits[id])
            {
                at--;
            }

            best.Insert(at, (id, logits[id]));
            if (best.Count > count)
            {
                best.RemoveAt(count);
            }
        }

        return best;
    }

    /// <summary>Entropy of the softmax in nats.</summary>
    /// <param name="logits">(V).</param>
    /// <param name="total">Their <see cref="LogSumExp"/>.</param>
    internal static double Entropy(ReadOnlySpan<float> logits, double total)
    {
        double mean = 0; // H = log Z - E[logit]
        foreach (var logit in logits)
        {
            var probability = Math.Exp(logit - total);
            mean += probability > 0 ? probability * logit : 0; // a logit of minus infinity has no part in it
        }

        return Math.Max(0, total - mean);
    }

    /// <summary>The first of the largest.</summary>
    public static int ArgMax(ReadOnlySpan<float> logits) => Math.Max(0, logits.IndexOf(Max(logits)));

    private static float Max(ReadOnlySpan<float> logits)
    {
        var best = float.NegativeInfinity;
        var bests = new Vector<float>(best);
        var i = 0;
        for (; i + Vector<float>.Count <= logits.Length; i += Vector<float>.Count)
        {
            bests = Vector.Max(bests, new Vector<float>(logits[i..]));
        }

        for (var lane = 0; lane < Vector<float>.Count; lane++)
        {
            best = Math.Max(best, bests[lane]);
        }

        for (; i < logits.Length; i++)
        {
            best = Math.Max(best, logits[i]);
        }

        return best;
    }

    /// <summary>Log-probability of a token under a softmax over all logits.</summary>
    public static double LogProbability(ReadOnlySpan<float> logits, int id) => logits[id] - LogSumExp(logits);

    /// <summary>The logarithm of the sum of e to the power of each logit; not a number if one is none, or if one is infinite.</summary>
    public static double LogSumExp(ReadOnlySpan<float> logits)
    {
        double best = Max(logits);
        var (sums, bests) = (Vector<double>.Zero, new Vector<double>(best));
        var i = 0;
        for (; i + Vector<float>.Count <= logits.Length; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(logits[i..]), out var low, out var high);
            sums += Vector.Exp(low - bests) + Vector.Exp(high - bests);
        }

        var sum = Vector.Sum(sums);
        for (; i < logits.Length; i++)
        {
            sum += Math.Exp(logits[i] - best);
        }

        return best + Math.Log(sum);
    }
}
