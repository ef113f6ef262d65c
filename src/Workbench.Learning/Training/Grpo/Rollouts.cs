using Workbench.Language.Tokenizers;
using Workbench.Learning.Generation;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Models.Lora;
using Workbench.Torch.Kernels;

namespace Workbench.Learning.Training.Grpo;

/// <summary>An answer that the policy gave.</summary>
/// <param name="Ids">With the token that ended it.</param>
/// <param name="Text">Without it.</param>
/// <param name="Terminated">It came to its end by itself.</param>
/// <param name="EntropySum">Over its tokens: how undecided the policy was, in nats, at the sampling temperature.</param>
internal sealed record Rollout(int[] Ids, string Text, bool Terminated, double EntropySum);

/// <summary>Samples answers from the policy as it is now. The same weights, step and seed give the same answers: a resumed run samples them again.</summary>
internal sealed class Rollouts(RunConfig config, DecoderModel model, PretrainedTokenizer tokenizer)
{
    /// <summary><c>num_generations</c> answers to each prompt, in the order of the prompts.</summary>
    /// <param name="prompts">Each at least a token, with room for the answer in the context.</param>
    /// <param name="step">Optimizer steps done.</param>
    /// <param name="stop">Ends the sampling between two tokens.</param>
    /// <exception cref="GenerationException">The model gives no numbers.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public List<Rollout> Sample(IReadOnlyList<int[]> prompts, int step, CancellationToken stop)
    {
        var seeds = new SplitMix64((ulong)config.Seed ^ ((ulong)(step + 1) * 0xD1342543DE82EF95));
        using var merged = model.Adapters.Active is null ? null : MergedModel.Copy(model);
        using var engine = new AnswerEngine(() => new CachedDecoder(merged ?? model, HeldWeights.Float32));
        var answers = prompts.SelectMany(prompt => Enumerable.Repeat(prompt, config.NumGenerations)).Select(prompt => new Answer(
            prompt,
            new SamplingOptions
            {
                Temperature = config.Temperature,
                TopP = config.TopP,
                TopK = config.TopK,
                MaxTokens = config.MaxCompletionLength,
                Seed = (long)(seeds.Next() >> 1),
            },
            tokenizer, model.Config.MaxPositionEmbeddings)).ToList();
        answers.ForEach(engine.Submit);
        return [.. answers.Select(answer => Read(answer, stop))];
    }

    private static Rollout Read(Answer answer, CancellationToken stop)
    {
        List<GeneratedToken> tokens = [.. answer.Read(stop)];
        return new Rollout(
            [.. tokens.Select(token => token.Id)], string.Concat(tokens.Select(token => token.Text)), tokens[^1].FinishReason == FinishReasons.Stop, answer.EntropySum);
    }
}
