namespace Workbench.Learning.Models.Safetensors;

/// <summary>Element types of the safetensors format that the workbench reads, under the format's own names.</summary>
public enum TensorType
{
    BOOL,
    U8,
    I8,
    I16,
    I32,
    I64,
    F16,
    BF16,
    F32,
    F64,
}

/// <summary>Size and kind of each <see cref="TensorType"/>.</summary>
public static class TensorTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Size(this TensorType type) => type switch
    {
        TensorType.BOOL or TensorType.U8 or TensorType.I8 => 1,
        TensorType.I16 or TensorType.F16 or TensorType.BF16 => 2,
        TensorType.I32 or TensorType.F32 => 4,
        _ => 8,
    };

    /// <summary>True for the types that weights may have.</summary>
    public static bool IsFloat(this TensorType type) =>
        type is TensorType.F16 or TensorType.BF16 or TensorType.F32 or TensorType.F64;

    /// <summary>The name that transformers writes as <c>torch_dtype</c>.</summary>
    public static string TorchName(this TensorType type) => type switch
    {
        TensorType.F16 => "float16",
        TensorType.BF16 => "bfloat16",
        TensorType.F32 => "float32",
        TensorType.F64 => "float64",
        TensorType.BOOL => "bool",
        TensorType.U8 => "uint8",
        TensorType.I8 => "int8",
        TensorType.I16 => "int16",
        TensorType.I32 => "int32",
        _ => "int64",
    };
}
