using System.Buffers.Binary;
using System.Text.Json;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Models.Safetensors;
using Workbench.Learning.Training.Batching;

namespace Workbench.Learning.Tests;

/// <summary>The tiny models of Goldens/make_goldens.py, written as folders in Hugging Face's layout, and PyTorch's values for them.</summary>
internal sealed class TinyModel
{
    private static readonly JsonElement Goldens = JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(Shared.Root, "tests", "Workbench.Learning.Tests", "Goldens", "tiny_llama.json"))).RootElement;

    private TinyModel(string name) => Golden = Goldens.GetProperty("models").GetProperty(name);

    public static TinyModel Tied { get; } = new("tied_grouped");

    public static TinyModel Untied { get; } = new("untied_biased");

    /// <summary>The names of the models that differ in family.</summary>
    public static readonly string[] Families = ["mistral", "qwen2", "qwen3", "llama3", "linear"];

    public static TinyModel Named(string name) => name switch
    {
        "tied" => Tied,
        "untied" => Untied,
        _ => new TinyModel(name),
    };

    /// <summary>PyTorch's values.</summary>
    public JsonElement Golden { get; }

    public IReadOnlyList<TrainingRow> Rows => [.. Golden.GetProperty("rows").EnumerateArray().Select(Row)];

    /// <summary>The row whose logits and gradients are in the golden.</summary>
    public TrainingRow LongestRow => Row(Golden.GetProperty("row"), 0);

    private static TrainingRow Row(JsonElement row, int index) => new(Ints(row, "input_ids"), Ints(row, "labels"), index + 1);

    private static int[] Ints(JsonElement row, string key) => [.. row.GetProperty(key).EnumerateArray().Select(id => id.GetInt32())];

    /// <summary>Writes it as a reward model with the score weights of Goldens/make_score_goldens.py; returns the folder.</summary>
    public string WriteReward(string directory, int labels = 1)
    {
        var random = new SplitMix64(2);
        var hidden = Golden.GetProperty("config").GetProperty("hidden_size").GetInt32();
        var bytes = new byte[labels * hidden * sizeof(float)];
        for (var i = 0; i < bytes.Length; i += sizeof(float))
        {
            WriteValue(bytes.AsSpan(i), TensorType.F32, (float)((random.NextDouble() - 0.5) / 2));
        }

        Write(directory, more: [new TensorSource("score.weight", TensorType.F32, [labels, hidden], stream => stream.Write(bytes))]);
        var config = Path.Combine(directory, "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("ForCausalLM", "ForSequenceClassification", StringComparison.Ordinal));
        return directory;
    }

    /// <summary>Writes config.json and weights; returns the folder.</summary>
    public string Write(string directory, TensorType stored = TensorType.F32, Func<string, string>? rename = null, IReadOnlyList<TensorSource>? more = null)
    {
        Directory.CreateDirectory(directory);
        var config = Golden.GetProperty("config").EnumerateObject().ToDictionary(p => p.Name, p => (object)p.Value);
        var type = Golden.GetProperty("config").TryGetProperty("model_type", out var named) ? named.GetString()! : "llama";
        config["architectures"] = new[] { $"{char.ToUpperInvariant(type[0])}{type[1..]}ForCausalLM" };
        config["model_type"] = type;
        config["hidden_act"] = "silu";
        File.WriteAllText(Path.Combine(directory, "config.json"), JsonSerializer.Serialize(config));
        var random = new SplitMix64(1);
        var tensors = new List<TensorSource>();
        foreach (var (name, shape) in DecoderConfigReader.Read(directory).Weights())
        {
            var offset = name.Contains("norm", StringComparison.Ordinal) ? 1.0 : 0.0;
            var bytes = new byte[shape.Aggregate(1L, (a, b) => a * b) * stored.Size()];
            for (var i = 0; i < bytes.Length; i += stored.Size())
            {
                WriteValue(bytes.AsSpan(i), stored, (float)(offset + ((random.NextDouble() - 0.5) / 2)));
            }

            tensors.Add(new TensorSource(rename?.Invoke(name) ?? name, stored, shape, stream => stream.Write(bytes)));
        }

        SafetensorsWriter.Write(Path.Combine(directory, "model.safetensors"), [.. tensors, .. more ?? []]);
        return directory;
    }

    /// <summary>The rows as a file of pre-tokenised JSON lines.</summary>
    public string WriteRows(string path)
    {
        File.WriteAllLines(path, Rows.Select(row => JsonSerializer.Serialize(new { input_ids = row.InputIds, labels = row.Labels })));
        return path;
    }

    private static void WriteValue(Span<byte> place, TensorType type, float value)
    {
        switch (type)
        {
            case TensorType.F16: BinaryPrimitives.WriteHalfLittleEndian(place, (Half)value); break;
            case TensorType.BF16: BinaryPrimitives.WriteUInt16LittleEndian(place, (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)); break;
            case TensorType.F64: BinaryPrimitives.WriteDoubleLittleEndian(place, value); break;
            default: BinaryPrimitives.WriteSingleLittleEndian(place, value); break;
        }
    }
}
