using System.Diagnostics;
using System.Globalization;
using Workbench.Learning.Generation;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Training.Throughput;
using Workbench.Torch.Kernels;

namespace Workbench.Benchmarks.Generate;

/// <summary>One model held one way: a single answer, sixteen together, and a long prompt, each beside what bounds it.</summary>
/// <param name="Held">How the weights are held.</param>
/// <param name="One">Tokens per second of one answer, its prompt left out.</param>
/// <param name="ReadShare">Bytes of weights read for a token, times <paramref name="One"/>, of the read bandwidth.</param>
/// <param name="Sixteen">Tokens per second of sixteen answers to different prompts together.</param>
/// <param name="Sampled">The same, drawn at temperature 1 from all tokens.</param>
/// <param name="Prompt">Tokens per second of a prompt of <see cref="PromptTokens"/>.</param>
/// <param name="PeakShare">What its products and attention come to, of the float32 matrix peak.</param>
internal sealed record GenerateSpeeds(string Shape, HeldWeights Held, double One, double ReadShare, double Sixteen, double Sampled, double Prompt, double PeakShare)
{
    private const int Answers = 16;
    private const int AnswerTokens = 64;
    private const int PromptTokens = 1024;
    private const int Passes = 4;

    public static GenerateSpeeds Measure(string shape, string model, HeldWeights held, double bandwidth)
    {
        using var generator = Generator.Load(model, held: held);
        var config = generator.Config;
        var sources = new Random(7);
        double one = 0, sixteen = 0, sampled = 0, prompt = 0;
        for (var pass = 0; pass < Passes; pass++)
        {
            one = Math.Max(one, Together(generator, sources, 1, temperature: 0));
            sixteen = Math.Max(sixteen, Together(generator, sources, Answers, temperature: 0));
            sampled = Math.Max(sampled, Together(generator, sources, Answers, temperature: 1));
            prompt = Math.Max(prompt, Prefill(generator, sources));
        }

        var matrices = MatrixNumbers(config);
        var bytes = (matrices + ((long)config.VocabSize * config.HiddenSize)) * (held == HeldWeights.BFloat16 ? 2.0 : 4.0);
        // Two operations a number of the matrices and token; attention over what came before, half the square, for scores and for values.
        var operations = (2.0 * matrices * PromptTokens) + (2.0 * PromptTokens * PromptTokens * config.NumAttentionHeads * config.HeadDim * config.NumHiddenLayers);
        return new(shape, held, one, bytes * one / bandwidth, sixteen, sampled, prompt,
            operations * prompt / PromptTokens / MatrixPeak.Of(TorchSharp.torch.CPU));
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Shape,-13} {Held,-9} one answer {One,5:F0} tokens/s, {ReadShare,4:P0} of the read bandwidth; {Answers} answers {Sixteen,5:F0}, {Sixteen / One,4:F1} times one, sampled {Sampled,5:F0}; a prompt of {PromptTokens} {Prompt,6:F0}, {PeakShare,4:P0} of the float32 matrix peak");

    private static long MatrixNumbers(DecoderConfig config)
    {
        long attention = (2L * config.NumAttentionHeads) + (2L * config.NumKeyValueHeads);
        return config.NumHiddenLayers * ((attention * config.HeadDim * config.HiddenSize) + (3L * config.HiddenSize * config.IntermediateSize));
    }

    /// <summary>Tokens per second of answers to new short prompts, from each one's second token on.</summary>
    private static double Together(Generator generator, Random ids, int answers, double temperature)
    {
        var options = new SamplingOptions { MaxTokens = AnswerTokens, StopIds = [], Temperature = temperature, Seed = 1 };
        var streams = Enumerable.Range(0, answers).Select(_ => generator.Stream(Ids(ids, generator, 4), options).GetEnumerator()).ToList();
        try
        {
            // Each stream begins when it is first read: all are under way before the clock starts.
            Parallel.ForEach(streams, new ParallelOptions { MaxDegreeOfParallelism = answers }, stream => stream.MoveNext());
            var clock = Stopwatch.StartNew();
            var tokens = streams.Sum(stream =>
            {
                var count = 0;
                while (stream.MoveNext())
                {
                    count++;
                }

                return count;
            });
            return tokens / clock.Elapsed.TotalSeconds;
        }
        finally
        {
            streams.ForEach(stream => stream.Dispose());
        }
    }

    private static double Prefill(Generator generator, Random ids)
    {
        var prompt = Ids(ids, generator, PromptTokens);
        var clock = Stopwatch.StartNew();
        generator.Generate(prompt, new SamplingOptions { MaxTokens = 1, StopIds = [] });
        return PromptTokens / clock.Elapsed.TotalSeconds;
    }

    private static int[] Ids(Random source, Generator generator, int count) => [.. Enumerable.Range(0, count).Select(_ => source.Next(generator.Config.VocabSize))];
}
