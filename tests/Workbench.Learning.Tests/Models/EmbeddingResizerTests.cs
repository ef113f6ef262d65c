using TorchSharp;
using Workbench.Learning.Models.Hub;

namespace Workbench.Learning.Tests.Models;

public sealed class EmbeddingResizerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("tied")]
    [InlineData("untied")]
    public void New_rows_are_the_mean_of_the_old_and_the_old_scores_stay(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var inference = torch.no_grad();
        var tiny = TinyModel.Named(name);
        var folder = tiny.Write(Path.Combine(_folder.Path, name));
        using var before = PretrainedModel.Load(folder);
        var rows = before.Config.VocabSize;
        var ids = torch.tensor(tiny.LongestRow.InputIds.Select(id => (long)id).ToArray(), [1L, tiny.LongestRow.InputIds.Length]);
        var expected = before.Forward(ids); // (1, T, V)

        using var resized = EmbeddingResizer.Resize(PretrainedModel.Load(folder), rows + 3);
        var saved = Directory.CreateDirectory(Path.Combine(_folder.Path, "saved")).FullName;
        PretrainedModel.Save(resized, saved, folder);
        using var after = PretrainedModel.Load(saved);

        Assert.Equal(rows + 3, after.Config.VocabSize);
        var actual = after.Forward(ids); // (1, T, V + 3)
        Assert.True(actual.narrow(2, 0, rows).eq(expected).all().item<bool>());

        // The score of a mean row is the mean of the scores, whether the projection is the embedding or its own.
        Assert.True(torch.allclose(actual.narrow(2, rows, 1).squeeze(2), expected.mean([2L]), 1e-4, 1e-5));
        Assert.True(torch.allclose(after.Weights[0].Weight[rows + 2], before.Weights[0].Weight.mean([0L]), 1e-5, 1e-6));
    }

    [Fact]
    public void Fewer_rows_are_refused()
    {
        using var model = PretrainedModel.Load(TinyModel.Tied.Write(Path.Combine(_folder.Path, "t")));
        Assert.Throws<ArgumentOutOfRangeException>(() => EmbeddingResizer.Resize(model, model.Config.VocabSize - 1));
    }
}
