namespace Workbench.Learning.Models.Gguf;

/// <summary>Element types of a GGUF file that the workbench writes; the numbers are ggml's <c>ggml_type</c>.</summary>
public enum GgufType
{
    F32 = 0,
    F16 = 1,

    /// <summary>Q8_0: blocks of 32 whole numbers of 8 bits with one float16 scale.</summary>
    Q8 = 8,
    BF16 = 30,
}

/// <summary>Names and sizes of each <see cref="GgufType"/>.</summary>
public static class GgufTypes
{
    /// <summary>Elements that are stored together.</summary>
    public static int BlockLength(this GgufType type) => type == GgufType.Q8 ? 32 : 1;

    /// <summary>Bytes of one block.</summary>
    public static int BlockSize(this GgufType type) => type switch
    {
        GgufType.F32 => 4,
        GgufType.Q8 => 34,
        _ => 2,
    };

    /// <summary>What <c>general.file_type</c> calls a file whose matrices have this type (llama.cpp's <c>llama_ftype</c>).</summary>
    internal static uint FileType(this GgufType type) => type switch
    {
        GgufType.F32 => 0,
        GgufType.F16 => 1,
        GgufType.Q8 => 7,
        _ => 32,
    };

    /// <summary>llama.cpp's name, e.g. <c>Q8_0</c>.</summary>
    public static string Name(this GgufType type) => type == GgufType.Q8 ? "Q8_0" : type.ToString();

    /// <summary>The type of that name, as llama.cpp or as transformers calls it; null where there is none.</summary>
    public static GgufType? Parse(string name) => name.ToUpperInvariant() switch
    {
        "F32" or "FLOAT32" => GgufType.F32,
        "F16" or "FLOAT16" => GgufType.F16,
        "BF16" or "BFLOAT16" => GgufType.BF16,
        "Q8_0" => GgufType.Q8,
        _ => null,
    };
}
