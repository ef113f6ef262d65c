using System.Globalization;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Models.Hub;
using Workbench.Learning.Models.Safetensors;

namespace Workbench.Learning.Models.Gguf;

/// <summary>
/// The weights of a model folder as the tensors of a GGUF file, read from the mapped safetensors a few rows at a time: what is in
/// memory does not grow with the model.
/// </summary>
internal static class GgufWeights
{
    private const int BlockElements = 1 << 20;

    /// <param name="config">The model.</param>
    /// <param name="weights">Its weights; must stay open until the tensors are written.</param>
    /// <param name="type">Type of the matrices. Vectors are float32, as llama.cpp wants them; a matrix whose rows are no whole number of
    /// Q8_0's blocks is float16, as llama.cpp's converter does it.</param>
    public static IReadOnlyList<GgufTensor> Of(DecoderConfig config, SafetensorsFolder weights, GgufType type)
    {
        var tensors = new List<GgufTensor>();
        foreach (var (name, shape) in config.Weights())
        {
            var entryName = WeightCheck.StoredName(name, config, weights);
            var stored = shape.Length < 2 ? GgufType.F32
                : shape[^1] % type.BlockLength() != 0 ? GgufType.F16
                : type;
            var head = IsRotatedInPairs(config, name) ? config.HeadDim : 1;
            tensors.Add(new GgufTensor(NameOf(name), stored, shape, stream => Copy(weights, entryName, shape, head, stored, stream)));
        }

        if (config.RopeScaling is RopeScaling.Llama3 scaling)
        {
            var factors = FrequencyFactors(config, scaling);
            tensors.Add(new GgufTensor("rope_freqs.weight", GgufType.F32, [factors.Length], stream =>
            {
                var bytes = new byte[4 * factors.Length];
                GgufNumbers.Encode(factors, GgufType.F32, bytes);
                stream.Write(bytes);
            }));
        }

        return tensors;
    }

    /// <summary>llama.cpp's name of a weight (gguf-py, tensor_mapping.py).</summary>
    internal static string NameOf(string name)
    {
        var parts = name.Split('.');
        var kind = parts[^1]; // weight or bias
        return parts switch
        {
            ["model", "embed_tokens", _] => $"token_embd.{kind}",
            ["model", "norm", _] => $"output_norm.{kind}",
            ["lm_head", _] => $"output.{kind}",
            ["model", "layers", var layer, .., var part, _] => string.Create(CultureInfo.InvariantCulture, $"blk.{layer}.{Part(part)}.{kind}"),
            _ => throw new ModelException($"The weight {name} has no name in GGUF; export the model as a Hugging Face folder instead."),
        };

        string Part(string part) => part switch
        {
            "input_layernorm" => "attn_norm",
            "post_attention_layernorm" => "ffn_norm",
            "q_proj" => "attn_q",
            "k_proj" => "attn_k",
            "v_proj" => "attn_v",
            "o_proj" => "attn_output",
            "q_norm" => "attn_q_norm",
            "k_norm" => "attn_k_norm",
            "gate_proj" => "ffn_gate",
            "up_proj" => "ffn_up",
            "down_proj" => "ffn_down",
            _ => throw new ModelException($"The weight {name} has no name in GGUF; export the model as a Hugging Face folder instead."),
        };
    }

    /// <summary>
    /// llama.cpp rotates neighbours (0,1), (2,3) … in its <c>llama</c> architecture, where transformers rotates halves of a head, (0, D/2),
    /// (1, D/2+1) …: there the rows of queries and keys change places. Its <c>qwen2</c> and <c>qwen3</c> rotate halves too.
    /// </summary>
    private static bool IsRotatedInPairs(DecoderConfig config, string name) =>
        GgufModelMetadata.ArchitectureOf(config) == "llama"
        && (name.Contains(".q_proj.", StringComparison.Ordinal) || name.Contains(".k_proj.", StringComparison.Ordinal));

    /// <summary>What each of the D/2 frequencies is divided by: Llama 3.1's stretching as llama.cpp takes it.</summary>
    private static float[] FrequencyFactors(DecoderConfig config, RopeScaling.Llama3 scaling)
    {
        var factors = new float[config.HeadDim / 2];
        for (var i = 0; i < factors.Length; i++)
        {
            var frequency = Math.Pow(config.RopeTheta, -2.0 * i / config.HeadDim);
            var waves = scaling.OriginalMaxPositionEmbeddings * frequency / (2 * Math.PI);
            var kept = Math.Clamp((waves - scaling.LowFreqFactor) / (scaling.HighFreqFactor - scaling.LowFreqFactor), 0, 1);
            factors[i] = (float)(1 / (kept + ((1 - kept) / scaling.Factor)));
        }

        return factors;
    }

    /// <param name="head">Rows of a head whose halves are interleaved; 1 where rows stay as they are.</param>
    private static void Copy(SafetensorsFolder weights, string name, long[] shape, int head, GgufType type, Stream target)
    {
        var file = weights.FileOf(name);
        var entry = file.Entry(name);
        var columns = shape.Length < 2 ? 1 : shape[^1];
        var rows = shape[0];
        var rowsAtOnce = head > 1 ? head : Math.Clamp(BlockElements / columns, 1, rows);
        using var source = file.OpenTensor(entry);
        var read = new byte[rowsAtOnce * columns * entry.Type.Size()];
        var values = new float[rowsAtOnce * columns];
        var ordered = head > 1 ? new float[values.Length] : values;
        var written = new byte[values.Length / type.BlockLength() * type.BlockSize()];
        for (long row = 0; row < rows; row += rowsAtOnce)
        {
            var count = (int)(Math.Min(rowsAtOnce, rows - row) * columns);
            var bytes = read.AsSpan(0, count * entry.Type.Size());
            source.ReadExactly(bytes);
            GgufNumbers.Decode(bytes, entry.Type, values.AsSpan(0, count));
            if (head > 1)
            {
                Interleave(values, ordered, head, (int)columns);
            }

            Check(ordered.AsSpan(0, count), type, file.Path, name);
            var encoded = written.AsSpan(0, count / type.BlockLength() * type.BlockSize());
            GgufNumbers.Encode(ordered.AsSpan(0, count), type, encoded);
            target.Write(encoded);
        }
    }

    private static void Interleave(ReadOnlySpan<float> rows, Span<float> result, int head, int columns)
    {
        for (var row = 0; row < head; row++)
        {
            var from = (row % 2 * (head / 2)) + (row / 2);
            rows.Slice(from * columns, columns).CopyTo(result[(row * columns)..]);
        }
    }

    /// <summary>A weight that the type cannot hold would become infinity, and the model's answers noise, without a word.</summary>
    private static void Check(ReadOnlySpan<float> values, GgufType type, string file, string name)
    {
        var largest = type == GgufType.F16 ? 65519f : float.MaxValue; // from 65520 on float16 rounds to infinity
        foreach (var value in values)
        {
            if (!(Math.Abs(value) <= largest))
            {
                throw new ModelException(float.IsFinite(value)
                    ? $"{file}: tensor \"{name}\" holds {value:G4}, which float16 cannot. Export as BF16 or F32."
                    : $"{file}: tensor \"{name}\" holds {value}, which is no weight: the training that wrote it diverged. Export an earlier checkpoint.");
            }
        }
    }
}
