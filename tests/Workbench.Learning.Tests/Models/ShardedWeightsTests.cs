using System.Text.Json;
using Workbench.Learning.Models.Hub;
using Workbench.Learning.Models.Safetensors;

namespace Workbench.Learning.Tests.Models;

public sealed class ShardedWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static TensorSource Bytes(string name, byte value, int count) =>
        new(name, TensorType.U8, [count], stream => stream.Write(Enumerable.Repeat(value, count).ToArray()));

    private Dictionary<string, string> Write(long limit, params TensorSource[] tensors)
    {
        ShardedWeights.Write(_folder.Path, tensors, limit);
        using var folder = SafetensorsFolder.Open(_folder.Path);
        return folder.Names.ToDictionary(name => name, name => Path.GetFileName(folder.FileOf(name).Path));
    }

    /// <summary>As huggingface_hub writes state dicts; sizes by hand.</summary>
    [Fact]
    public void A_file_takes_tensors_until_it_would_be_too_large_and_a_huge_one_has_its_own()
    {
        var places = Write(10, Bytes("a", 1, 6), Bytes("b", 2, 4), Bytes("c", 3, 25), Bytes("d", 4, 1), Bytes("e", 5, 9));
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["a"] = "model-00001-of-00003.safetensors", ["b"] = "model-00001-of-00003.safetensors",
                ["c"] = "model-00002-of-00003.safetensors",
                ["d"] = "model-00003-of-00003.safetensors", ["e"] = "model-00003-of-00003.safetensors",
            },
            places);
        using var index = JsonDocument.Parse(File.ReadAllText(_folder["model.safetensors.index.json"]));
        Assert.Equal(45, index.RootElement.GetProperty("metadata").GetProperty("total_size").GetInt64());
    }

    [Fact]
    public void What_fits_is_one_file_and_what_was_there_before_is_gone()
    {
        Write(10, Bytes("a", 1, 6), Bytes("b", 2, 6));
        Assert.Equal(3, Directory.GetFiles(_folder.Path).Length);
        Assert.Equal(["model.safetensors"], Write(12, Bytes("a", 1, 6), Bytes("b", 2, 6)).Values.Distinct());
        Assert.Equal(["model.safetensors"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
        Write(10, Bytes("a", 1, 6), Bytes("b", 2, 6));
        Assert.DoesNotContain("model.safetensors", Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void A_model_saved_in_shards_loads_as_it_was()
    {
        using var model = PretrainedModel.Load(TinyModel.Untied.Write(_folder["source"]));
        Directory.CreateDirectory(_folder["shards"]);
        PretrainedModel.Save(model, _folder["shards"], _folder["source"], maxShardBytes: 4096);
        Assert.True(Directory.GetFiles(_folder["shards"], "model-*.safetensors").Length > 1);
        using var again = PretrainedModel.Load(_folder["shards"]);
        Assert.All(model.Weights.Zip(again.Weights), pair => Assert.True(pair.First.Weight.Equals(pair.Second.Weight)));
    }

    [Theory]
    [InlineData("5GB", 5_000_000_000)]
    [InlineData("2 GiB", 2_147_483_648)]
    [InlineData("500mb", 500_000_000)]
    [InlineData("123", 123)]
    public void Sizes_are_written_as_in_transformers(string text, long bytes) => Assert.Equal(bytes, ShardedWeights.ParseSize(text));

    [Theory]
    [InlineData("five")]
    [InlineData("0GB")]
    [InlineData("-1")]
    [InlineData("99999999999GB")]
    public void What_is_no_size_is_refused(string text) => Assert.Throws<FormatException>(() => ShardedWeights.ParseSize(text));
}
