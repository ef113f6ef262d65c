using System.Buffers.Binary;
using System.Text;
using Workbench.Learning.Models;
using Workbench.Learning.Models.Safetensors;

namespace Workbench.Learning.Tests.Models;

public sealed class SafetensorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Eight bytes of length, the JSON, the body: written by hand, as the specification lays it out.</summary>
    private string Write(string header, int body, string name = "model.safetensors")
    {
        var json = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + json.Length + body];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, json.Length);
        json.CopyTo(bytes, 8);
        for (var i = 0; i < body; i++)
        {
            bytes[8 + json.Length + i] = (byte)i;
        }

        File.WriteAllBytes(_folder[name], bytes);
        return _folder[name];
    }

    [Fact]
    public void Reads_entries_and_bytes_of_a_file_laid_out_by_hand()
    {
        var path = Write(
            """{"__metadata__":{"format":"pt"},"b":{"dtype":"BF16","shape":[2,3],"data_offsets":[8,20]},"a":{"dtype":"F64","shape":[],"data_offsets":[0,8]}}   """,
            20);
        using var file = SafetensorsFile.Open(path);
        Assert.Equal("pt", file.Header.Metadata["format"]);
        Assert.Equal(["b", "a"], file.Header.Tensors.Keys);
        Assert.Equal(1, file.Entry("a").Count);
        var entry = file.Entry("b");
        Assert.Equal((TensorType.BF16, 12L, 6L), (entry.Type, entry.Length, entry.Count));
        var bytes = new byte[12];
        using var stream = file.OpenTensor(entry);
        stream.ReadExactly(bytes);
        Assert.Equal([8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19], bytes);
        var error = Assert.Throws<ModelException>(() => file.Entry("c"));
        Assert.Contains("\"c\"", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "truncated")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""", 16, "twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "no short list of numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", 8, "no short list of numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "places tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,8],"data_offsets":[0,8]}}""", 8, "8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775807,9223372036854775807,2],"data_offsets":[0,8]}}""", 8, "8 bytes")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}""", 8, "F8_E4M3, which is not supported")]
    [InlineData("""{"a":{"dtype":"4","shape":[8],"data_offsets":[0,8]}}""", 8, "not supported")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "unused")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8, "behind its last tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "no complete dtype")]
    [InlineData("""{"a":7}""", 4, "no object under \"a\"")]
    [InlineData("""[1,2]""", 4, "no JSON object")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}""", 4, "not valid JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} x""", 4, "not valid JSON")]
    [InlineData("""{"__metadata__":{"n":1}}""", 0, "no text")]
    public void Refuses_a_malformed_header_and_names_the_file_and_the_fault(string header, int body, string fault)
    {
        var path = Write(header, body);
        var error = Assert.Throws<ModelException>(() => SafetensorsFile.Open(path).Dispose());
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3 }, "too short")]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255, 123, 125 }, "at most 100000000")]
    [InlineData(new byte[] { 50, 0, 0, 0, 0, 0, 0, 0, 123, 125 }, "truncated")]
    public void Refuses_an_impossible_header_length(byte[] bytes, string fault)
    {
        File.WriteAllBytes(_folder["x"], bytes);
        Assert.Contains(fault, Assert.Throws<ModelException>(() => SafetensorsFile.Open(_folder["x"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Thousands_of_damaged_files_give_a_model_exception_or_a_consistent_header()
    {
        var good = File.ReadAllBytes(Write(
            """{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"b":{"dtype":"I64","shape":[1],"data_offsets":[16,24]}}""", 24));
        var random = new SplitMix64(1);
        var refused = 0;
        for (var i = 0; i < 3000; i++)
        {
            var bytes = good.ToArray();
            for (var change = random.Below(3); change < 3; change++)
            {
                bytes[random.Below((ulong)bytes.Length)] = (byte)random.Next();
            }

            if (random.Below(4) == 0)
            {
                bytes = bytes[..(int)random.Below((ulong)bytes.Length)];
            }

            using var stream = new MemoryStream(bytes);
            try
            {
                var header = SafetensorsHeader.Read(stream, "fuzz");
                Assert.All(header.Tensors.Values, t => Assert.InRange(t.Offset + t.Length, 0, bytes.Length));
            }
            catch (ModelException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1500, 2999);
    }

    [Fact]
    public void What_is_written_is_laid_out_as_the_specification_says()
    {
        var path = _folder["out.safetensors"];
        SafetensorsWriter.Write(path,
        [
            new TensorSource("b", TensorType.U8, [3], stream => stream.Write([1, 2, 3])),
            new TensorSource("a", TensorType.F32, [1], stream => stream.Write([0, 0, 128, 63])),
        ]);
        var bytes = File.ReadAllBytes(path);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        Assert.Equal(
            """{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[3],"data_offsets":[4,7]}}""",
            Encoding.UTF8.GetString(bytes, 8, length).TrimEnd(' '));
        Assert.Equal([0, 0, 128, 63, 1, 2, 3], bytes[(8 + length)..]);
        Assert.False(File.Exists(path + ".tmp"));
    }

    [Fact]
    public void Shards_are_found_through_the_index_and_missing_ones_named()
    {
        Write("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "model-00001-of-00002.safetensors");
        Write("""{"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "model-00002-of-00002.safetensors");
        File.WriteAllText(
            _folder["model.safetensors.index.json"],
            """{"metadata":{"total_size":12},"weight_map":{"a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors"}}""");
        using (var folder = SafetensorsFolder.Open(_folder.Path))
        {
            Assert.Equal(8, folder.Entry("b").Length);
            Assert.Contains("\"c\"", Assert.Throws<ModelException>(() => folder.Entry("c")).Message, StringComparison.Ordinal);
        }

        File.Delete(_folder["model-00002-of-00002.safetensors"]);
        var error = Assert.Throws<ModelException>(() => SafetensorsFolder.Open(_folder.Path));
        Assert.Contains("model-00002-of-00002.safetensors, which is missing", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"weight_map":{"a":"../secret.safetensors"}}""", "no file name of a shard")]
    [InlineData("""{"weight_map":{"a":7}}""", "no readable \"weight_map\"")]
    [InlineData("""{"weight":{}}""", "no readable \"weight_map\"")]
    [InlineData("not json", "no readable \"weight_map\"")]
    public void A_bad_index_is_refused(string index, string fault)
    {
        File.WriteAllText(_folder["model.safetensors.index.json"], index);
        Assert.Contains(fault, Assert.Throws<ModelException>(() => SafetensorsFolder.Open(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_weights_says_what_is_missing_and_a_pickle_how_to_convert_it()
    {
        Assert.Contains("holds no weights", Assert.Throws<ModelException>(() => SafetensorsFolder.Open(_folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("no folder", Assert.Throws<ModelException>(() => SafetensorsFolder.Open(_folder["none"])).Message, StringComparison.Ordinal);
        File.WriteAllText(_folder["pytorch_model.bin"], "x");
        var message = Assert.Throws<ModelException>(() => SafetensorsFolder.Open(_folder.Path)).Message;
        Assert.Contains("pytorch_model.bin", message, StringComparison.Ordinal);
        Assert.Contains("safe_serialization=True", message, StringComparison.Ordinal);
    }
}
