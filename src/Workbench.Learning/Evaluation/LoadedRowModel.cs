using TorchSharp;
using Workbench.Data.Filters;
using Workbench.Data.Filters.Models;
using Workbench.Data.Formats;
using Workbench.Learning.Generation;
using Workbench.Learning.Models;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Models.Lora;
using Workbench.Learning.Training;
using Workbench.Learning.Training.Batching;
using Workbench.Learning.Training.Sft;
using Workbench.Torch.Kernels;
using static TorchSharp.torch;

namespace Workbench.Learning.Evaluation;

/// <summary>
/// A model that scores rows of datasets. Rows of like length are computed together, one behind another without padding, so many tokens at a
/// time; what a row gets does not depend on its company beyond the last digits.
/// </summary>
public sealed class LoadedRowModel : IRowModel, IDisposable
{
    private const int TokensAtOnce = 4096;

    private readonly DecoderModel model;
    private readonly RowScoring scoring;

    private LoadedRowModel(DecoderModel model, SftLanguage language, string fingerprint)
    {
        this.model = model;
        scoring = new RowScoring(language);
        Fingerprint = fingerprint;
    }

    /// <inheritdoc/>
    public string Fingerprint { get; }

    /// <summary>Loads it.</summary>
    /// <param name="directory">Folder of a model or of an adapter.</param>
    /// <param name="baseDirectory">Folder of the adapter's base model; null where the adapter's folder names it.</param>
    /// <param name="fingerprint">What tells its files from others.</param>
    /// <param name="device">auto, cpu, cuda or cuda:N.</param>
    /// <exception cref="ModelException">A folder cannot be used.</exception>
    /// <exception cref="TrainingException">The device is not there, or the chat template cannot be read.</exception>
    public static LoadedRowModel Load(string directory, string? baseDirectory, string fingerprint, string device = "auto")
    {
        var tokenizer = AdapterFolder.Is(directory) && baseDirectory is not null && !File.Exists(Path.Combine(directory, "tokenizer.json"))
            ? baseDirectory : AdapterFolder.TokenizerFolder(directory);
        var language = SftLanguage.Load(new RunConfig { ModelNameOrPath = directory }, tokenizer);
        return new LoadedRowModel(MergedModel.LoadAny(directory, baseDirectory, TrainingDevice.Resolve(device)), language, fingerprint);
    }

    /// <inheritdoc/>
    public IReadOnlyList<RowFigure> Perplexities(IReadOnlyList<Row> rows, int maxLength, CancellationToken cancellationToken)
    {
        var encoded = Encode(rows, scoring.Answers, maxLength);
        var losses = Losses(encoded.Select(row => row.Row), cancellationToken);
        return [.. encoded.Zip(losses, (row, loss) => row.Problem is null ? new RowFigure(Math.Exp(loss)) : RowFigure.None(row.Problem))];
    }

    /// <inheritdoc/>
    public IReadOnlyList<RowFigure> Difficulties(IReadOnlyList<Row> rows, int maxLength, CancellationToken cancellationToken)
    {
        var encoded = Encode(rows, scoring.LastAnswer, maxLength);
        var alone = encoded.Select(row => row.Row is null ? null : scoring.Alone(row.Row)).ToArray();
        var behind = encoded.Zip(alone, (row, answer) => answer is null ? null : RowScoring.SameTokens(row.Row!, answer));
        var (with, without) = (Losses(behind, cancellationToken), Losses(alone, cancellationToken));
        return
        [
            .. encoded.Select((row, i) => row.Problem is { } problem ? RowFigure.None(problem)
                : alone[i] is null ? RowFigure.None("its answer is a single token, which nothing comes before")
                : new RowFigure(Math.Exp(with[i] - without[i]))),
        ];
    }

    /// <inheritdoc/>
    public IReadOnlyList<RowPlace> Places(IReadOnlyList<Row> rows, int maxLength, CancellationToken cancellationToken)
    {
        var encoded = Encode(rows, scoring.Whole, maxLength);
        var places = encoded.Select(row => new RowPlace([], row.Problem)).ToArray();
        foreach (var batch in Batches([.. encoded.Select(row => row.Row)]))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var off = no_grad();
            using var scope = NewDisposeScope();
            var (hidden, packed) = Hidden([.. batch.Select(i => encoded[i].Row!)]);
            for (var i = 0; i < batch.Length; i++)
            {
                var mean = hidden.narrow(0, packed.Offsets[i], packed.Offsets[i + 1] - packed.Offsets[i]).mean([0]); // (C)
                var unit = mean / mean.norm().clamp_min(1e-12);
                places[batch[i]] = new RowPlace([.. unit.cpu().data<float>()]);
            }
        }

        return places;
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose() => model.Dispose();

    /// <summary>Mean negative log-likelihood of the labels of each row; NaN where there is no row.</summary>
    private double[] Losses(IEnumerable<TrainingRow?> rows, CancellationToken cancellationToken)
    {
        var all = rows.ToArray();
        var losses = new double[all.Length];
        Array.Fill(losses, double.NaN);
        foreach (var batch in Batches(all))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var off = no_grad();
            using var scope = NewDisposeScope();
            TrainingRow[] together = [.. batch.Select(i => all[i]!)];
            var logps = Logps(together);
            var at = 0;
            for (var i = 0; i < batch.Length; i++)
            {
                var count = together[i].TrainedTokens;
                losses[batch[i]] = -logps.Skip(at).Take(count).Average(logp => (double)logp);
                at += count;
            }
        }

        return losses;
    }

    /// <summary>Log-probability of each label, one row behind another.</summary>
    private float[] Logps(TrainingRow[] rows)
    {
        var batch = TokenBatch.Concatenate(rows);
        var (hidden, _) = Hidden(rows);
        var positions = batch.RealPositions().Where(position => batch.Targets[position] != TrainingRow.Ignored).ToArray();
        var used = hidden.index_select(0, tensor(positions, device: model.Device)); // (L, C)
        var targets = tensor(positions.Select(position => batch.Targets[position]).ToArray(), device: model.Device); // (L)
        return [.. LinearLogProbabilities.Apply(used, model.Head, targets, model.BFloat16).cpu().data<float>()];
    }

    /// <summary>(T, C): the last hidden states of rows one behind another.</summary>
    private (Tensor Hidden, PackedSequences Packed) Hidden(TrainingRow[] rows)
    {
        var batch = TokenBatch.Concatenate(rows);
        var ids = tensor(batch.InputIds, new long[] { batch.Rows, batch.Length }, device: model.Device);
        return (model.Hidden(ids, packed: batch.Packed).squeeze(0), batch.Packed!);
    }

    /// <summary>Indices of the rows that are there, those of like length together.</summary>
    private static IEnumerable<int[]> Batches(TrainingRow?[] rows)
    {
        var (batch, tokens) = (new List<int>(), 0);
        foreach (var i in Enumerable.Range(0, rows.Length).Where(i => rows[i] is not null).OrderBy(i => rows[i]!.InputIds.Length))
        {
            var length = rows[i]!.InputIds.Length;
            if (batch.Count > 0 && tokens + length > TokensAtOnce)
            {
                yield return [.. batch];
                batch.Clear();
                tokens = 0;
            }

            batch.Add(i);
            tokens += length;
        }

        if (batch.Count > 0)
        {
            yield return [.. batch];
        }
    }

    private (TrainingRow? Row, string? Problem)[] Encode(IReadOnlyList<Row> rows, Func<Row, TrainingRow> encode, int maxLength)
    {
        var length = Math.Min(maxLength, model.Config.MaxPositionEmbeddings);
        var encoded = new (TrainingRow? Row, string? Problem)[rows.Count];
        try
        {
            Parallel.For(0, rows.Count, i => encoded[i] = Encode(rows[i], encode, length));
        }
        catch (AggregateException exception) when (exception.InnerException is OperatorException first)
        {
            throw new OperatorException(first.Message, exception); // of all rows alike: the first says it
        }

        return encoded;
    }

    private (TrainingRow? Row, string? Problem) Encode(Row row, Func<Row, TrainingRow> encode, int length)
    {
        try
        {
            var whole = encode(row);
            var cut = whole.InputIds.Length > length ? whole.Cut(length) : whole;
            return cut.Problem(model.Config.VocabSize) is { } problem ? (null, problem)
                : cut.TrainedTokens > 0 ? (cut, null)
                : (null, whole.TrainedTokens == 0 ? "nothing of it is an answer" : $"its answer begins behind the first {length} tokens");
        }
        catch (Exception exception) when (exception is RowFormatException or RowEncodingException)
        {
            return (null, exception.Message);
        }
        catch (TrainingException exception)
        {
            throw new OperatorException(
                $"The model brings no {(scoring.HasTokenizer ? "chat template" : "tokenizer")}, which these rows need: choose a model that was tuned to chat, or put {(scoring.HasTokenizer ? "chat_template.jinja" : "tokenizer.json")} into its folder.",
                exception);
        }
    }
}
