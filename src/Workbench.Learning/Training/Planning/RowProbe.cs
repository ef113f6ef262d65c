using System.Text.Json;
using Workbench.Data.Formats;
using Workbench.Language.Tokenizers;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Training.Batching;
using Workbench.Learning.Training.Grpo;
using Workbench.Learning.Training.Sft;

namespace Workbench.Learning.Training.Planning;

/// <summary>A stretch of tokens that are all trained, or all not.</summary>
/// <param name="Text">What they say.</param>
/// <param name="Tokens">How many they are.</param>
/// <param name="Trained">Whether the loss counts them.</param>
public sealed record ProbedSpan(string Text, int Tokens, bool Trained);

/// <summary>One sequence of a row as training sees it.</summary>
/// <param name="Name">Empty for a row of one sequence; chosen or rejected for a pair.</param>
/// <param name="Tokens">Length before <c>max_length</c> cuts it.</param>
/// <param name="Trained">Tokens that the loss counts, after the cut; of a prompt of grpo, those that an answer to it may have.</param>
/// <param name="Spans">All of it, in order; what lies behind the cut is left out.</param>
public sealed record ProbedSequence(string Name, int Tokens, int Trained, IReadOnlyList<ProbedSpan> Spans);

/// <summary>A row as training sees it, or why it cannot be trained on.</summary>
/// <param name="Sequences">One, or two for a pair; none where there is a problem.</param>
/// <param name="Problem">Null where there is none.</param>
public sealed record ProbedRow(IReadOnlyList<ProbedSequence> Sequences, string? Problem = null);

/// <summary>
/// Encodes single rows exactly as a run would, before there is a run: the same template, tokenizer and mask builder. Loads no weights.
/// </summary>
public sealed class RowProbe
{
    private readonly RunConfig _config;
    private readonly SftLanguage _language;
    private readonly RowEncoder _encoder;
    private readonly Func<Row, string?> _rewards = _ => null;
    private readonly int _room;

    private RowProbe(RunConfig config, SftLanguage language)
    {
        (_config, _language) = (config, language);
        _encoder = new RowEncoder(config, language);
        if (config.Method == "grpo")
        {
            _rewards = GrpoRules.RowCheck(config);
            _room = DecoderConfigReader.Read(config.ModelNameOrPath).MaxPositionEmbeddings - config.MaxCompletionLength;
        }
    }

    /// <summary>Reads tokenizer and template of a run that is about to start.</summary>
    /// <exception cref="TrainingException">The template cannot be read.</exception>
    /// <exception cref="TokenizerException">The tokenizer cannot be read.</exception>
    /// <exception cref="Models.ModelException">The model's config.json cannot be read (method grpo).</exception>
    public static RowProbe Load(RunConfig config) => new(config, SftLanguage.Load(config));

    /// <summary>The row as training would see it.</summary>
    /// <param name="json">A row of any known shape.</param>
    public ProbedRow Encode(JsonElement json)
    {
        try
        {
            var row = RowParser.Parse(JsonSerializer.SerializeToUtf8Bytes(json));
            return new ProbedRow(_config.Method switch
            {
                "sft" => [Probe("", _encoder.Encode(row, 1))],
                "pretrain" => [Probe("", _encoder.EncodeText(row, 1))],
                "grpo" => [Prompt(_encoder.EncodePrompt(row, 1, _room, _rewards).Prompt)],
                "kto" => [Probe("", _encoder.EncodeJudged(row, 1).Answer)],
                _ => Pair(_encoder.EncodePair(row, 1)),
            });
        }
        catch (Exception error) when (error is RowFormatException or RowEncodingException or TrainingException)
        {
            return new ProbedRow([], error.Message);
        }
    }

    private ProbedSequence[] Pair(Preference.PreferenceRow pair) => [Probe("chosen", pair.Chosen), Probe("rejected", pair.Rejected)];

    /// <summary>All of a prompt is read only; what is trained is yet to be sampled.</summary>
    private ProbedSequence Prompt(TrainingRow row) =>
        new("prompt", row.InputIds.Length, _config.MaxCompletionLength, [new ProbedSpan(Decode(row.InputIds), row.InputIds.Length, false)]);

    private ProbedSequence Probe(string name, TrainingRow row)
    {
        var cut = row.Cut(Math.Min(_config.MaxLength, row.InputIds.Length));
        return new ProbedSequence(name, row.InputIds.Length, cut.TrainedTokens, [.. Spans(cut)]);
    }

    private IEnumerable<ProbedSpan> Spans(TrainingRow row)
    {
        for (var start = 0; start < row.InputIds.Length;)
        {
            var trained = row.Labels[start] != TrainingRow.Ignored;
            var end = start + 1;
            while (end < row.InputIds.Length && row.Labels[end] != TrainingRow.Ignored == trained)
            {
                end++;
            }

            yield return new ProbedSpan(Decode(row.InputIds[start..end]), end - start, trained);
            start = end;
        }
    }

    private string Decode(int[] ids) => _language.Tokenizer?.Tokenizer.Decode(ids) ?? string.Join(' ', ids);
}
