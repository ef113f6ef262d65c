using System.Text;
using System.Text.Json;
using Workbench.Data.Formats;
using Workbench.Learning.Training;
using Workbench.Learning.Training.Batching;
using Workbench.Learning.Training.Checkpoints;
using Workbench.Learning.Training.Sft;

namespace Workbench.Learning.Tests.Training;

/// <summary>Continued pretraining: documents of any length, every token trained once.</summary>
public sealed class PretrainTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_long_document_goes_on_in_further_rows_that_overlap_by_the_token_only_read()
    {
        var document = new TrainingRow([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3, 4, 5, 6, 7, 8], 9);
        var rows = DocumentChunks.Split(document, 4).ToList();
        Assert.Equal(["1 2 3 4", "4 5 6 7", "7 8"], rows.Select(row => string.Join(' ', row.InputIds)));
        Assert.Equal([2, 3, 4, 5, 6, 7, 8], rows.SelectMany(row => row.Labels.Skip(1)));
        Assert.All(rows, row => Assert.Equal(9, row.Line));
    }

    [Theory]
    [InlineData(9)] // the last row would be a token that is trained already
    [InlineData(2)]
    [InlineData(3)]
    public void However_long_the_rows_every_token_is_trained_once(int length)
    {
        int[] ids = [.. Enumerable.Range(1, 17)];
        var rows = DocumentChunks.Split(new TrainingRow(ids, ids, 1), length).ToList();
        Assert.Equal(ids.Skip(1), rows.SelectMany(row => row.Labels.Skip(1)));
        Assert.All(rows, row => Assert.InRange(row.InputIds.Length, 2, length));
    }

    /// <summary>The rows written out by hand and trained by sft give the same losses.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_over_a_document_is_that_over_its_rows(bool packing)
    {
        int[] ids = [.. Enumerable.Range(0, 30).Select(i => (i * 7) % 40)];
        var whole = Losses("pretrain", [ids], packing);
        var parts = Losses("sft", [ids[..12], ids[11..23], ids[22..]], packing);
        Assert.Equal(6, whole.Count);
        Assert.Equal(parts, whole);
    }

    [Fact]
    public void A_text_ends_in_the_end_of_sequence_and_a_pair_of_answers_is_refused()
    {
        var config = new RunConfig { Method = "pretrain", ModelNameOrPath = Model() };
        TinyTokenizer.Write(config.ModelNameOrPath);
        var encoder = new RowEncoder(config, SftLanguage.Load(config));
        var row = encoder.EncodeText(RowParser.Parse("""{"text":"hi"}"""u8.ToArray()), 1);
        Assert.Equal([.. TinyTokenizer.Ids("hi"), TinyTokenizer.Eos], row.InputIds);
        Assert.Equal(row.InputIds, row.Labels);
        var error = Assert.Throws<RowFormatException>(() => encoder.EncodeText(RowParser.Parse("""{"chosen":"a","rejected":"b"}"""u8.ToArray()), 1));
        Assert.Contains("method pretrain needs text", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Masks_of_conversations_are_refused_since_every_token_is_trained()
    {
        var problems = RunConfigRules.Check(new RunConfig { Method = "pretrain", ModelNameOrPath = "m", Dataset = "d", AssistantOnlyLoss = true, CompletionOnlyLoss = true });
        Assert.Equal(["assistant_only_loss", "completion_only_loss"], problems.Select(problem => problem.Key));
    }

    private string Model() => TinyModel.Tied.Write(_folder["model"]);

    private List<double> Losses(string method, int[][] rows, bool packing)
    {
        var data = _folder[$"{method}.jsonl"];
        File.WriteAllLines(data, rows.Select(ids => JsonSerializer.Serialize(new { input_ids = ids, labels = ids })), new UTF8Encoding(false));
        var config = new RunConfig
        {
            Method = method,
            ModelNameOrPath = Model(),
            Dataset = data,
            OutputDir = _folder[method],
            MaxLength = 12,
            MaxSteps = 6,
            PerDeviceTrainBatchSize = 2,
            LearningRate = 5e-3,
            LoggingSteps = 1,
            Packing = packing,
            Device = "cpu",
        };
        var losses = new List<double>();
        Trainer.Run(config, RunFolder.Open(config.OutputDir), point => losses.Add(point.Values["loss"]));
        return losses;
    }
}
