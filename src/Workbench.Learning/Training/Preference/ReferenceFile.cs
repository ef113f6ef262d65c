using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using TorchSharp;
using Workbench.Learning.Models;
using Workbench.Learning.Models.Safetensors;
using Workbench.Learning.Training.Batching;
using static TorchSharp.torch;

namespace Workbench.Learning.Training.Preference;

/// <summary>What a reference answered, in the run folder: <c>sums</c> and <c>means</c>, (N) each, in the order of the rows.</summary>
internal static class ReferenceFile
{
    private const string Key = "identity";

    /// <summary>SHA-256 of everything that decides the scores: rows, weights and precision.</summary>
    public static string Identity(IReadOnlyList<TrainingRow> rows, string fingerprint, bool bfloat16)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{fingerprint} {bfloat16} {rows.Count}"));
        foreach (var row in rows)
        {
            hash.AppendData(BitConverter.GetBytes(row.InputIds.Length));
            hash.AppendData(MemoryMarshal.AsBytes(row.InputIds.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(row.Labels.AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public static void Write(string path, string identity, IReadOnlyList<(float Sum, float Mean)> scores)
    {
        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(
            path,
            [
                TensorStorage.Source("sums", tensor(scores.Select(score => score.Sum).ToArray())),
                TensorStorage.Source("means", tensor(scores.Select(score => score.Mean).ToArray())),
            ],
            new Dictionary<string, string> { ["format"] = "pt", [Key] = identity });
    }

    /// <summary>The scores, or null where the file is missing, damaged, or of other rows or another reference.</summary>
    public static List<(float Sum, float Mean)>? Read(string path, string identity, int count)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var file = SafetensorsFile.Open(path);
            if (file.Header.Metadata.GetValueOrDefault(Key) != identity)
            {
                return null;
            }

            using var scope = NewDisposeScope();
            float[] Values(string name) => TensorStorage.Read(file, file.Entry(name), CPU, ScalarType.Float32).data<float>().ToArray();
            var scores = Values("sums").Zip(Values("means")).ToList();
            return scores.Count == count ? scores : null;
        }
        catch (ModelException)
        {
            return null; // damaged: what it held can be made again
        }
    }
}
