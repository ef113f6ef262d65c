using System.CommandLine;
using Workbench.Learning.Models.Safetensors;
using Workbench.Web.Services;
using static TorchSharp.torch;

namespace Workbench.Web.Commands;

/// <summary>Options that every verb over a model has.</summary>
internal static class ModelOptions
{
    public static Option<string> Model() => new("--model") { Required = true, Description = "A model folder in Hugging Face's layout.", HelpName = "DIR" };

    public static Option<string?> Adapter() => new("--adapter") { Description = "A PEFT adapter folder for the model.", HelpName = "DIR" };

    public static Option<string> Output() => new("--output") { Required = true, Description = "Folder for the result; must not exist or be empty.", HelpName = "DIR" };

    public static Option<string?> Dtype() => new("--dtype") { Description = "float32, bfloat16 or float16; by default that of the model.", HelpName = "TYPE" };

    public static Option<string> MaxShardSize() => new("--max-shard-size")
    {
        Description = "Largest file of weights, e.g. 5GB, 500MB; larger models are written as shards with an index.", HelpName = "SIZE", DefaultValueFactory = _ => "5GB",
    };

    /// <summary>Bytes of a size such as 5GB.</summary>
    /// <exception cref="UserInputException">It is none.</exception>
    public static long BytesOf(string size)
    {
        try
        {
            return ShardedWeights.ParseSize(size);
        }
        catch (FormatException error)
        {
            throw new UserInputException(error.Message, "Leave it out for 5GB.", "--max-shard-size");
        }
    }

    /// <summary>The float type of that name; null for null.</summary>
    /// <exception cref="UserInputException">There is none.</exception>
    public static ScalarType? TypeOf(string? name) => name switch
    {
        null => null,
        "float32" => ScalarType.Float32,
        "bfloat16" => ScalarType.BFloat16,
        "float16" => ScalarType.Float16,
        _ => throw new UserInputException($"\"{name}\" is no float type for weights.", "Choose float32, bfloat16 or float16.", "--dtype"),
    };

    /// <summary>The full path of a folder that holds nothing yet.</summary>
    /// <exception cref="UserInputException">It holds something.</exception>
    public static string EmptyFolder(string path)
    {
        var full = Path.GetFullPath(path);
        return Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any()
            ? throw new UserInputException("The folder for the result is not empty.", "Name another one.", full)
            : full;
    }

    public static Option<string> Device() => new("--device") { Description = "auto, cpu, cuda or cuda:N.", DefaultValueFactory = _ => "auto" };
}
