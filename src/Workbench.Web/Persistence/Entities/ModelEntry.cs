namespace Workbench.Web.Persistence.Entities;

/// <summary>
/// A model folder in Hugging Face's layout, or an adapter's in PEFT's, that the workbench knows; its weights stay where they are.
/// </summary>
public sealed class ModelEntry
{
    public required string Id { get; init; }

    public required string Name { get; set; }

    /// <summary>Full path of the folder.</summary>
    public required string Path { get; init; }

    /// <summary>First entry of config.json's <c>architectures</c>, for example LlamaForCausalLM.</summary>
    public required string Architecture { get; set; }

    /// <summary>Number of parameters, those of the adapter alone; a tied embedding counts once.</summary>
    public long Parameters { get; set; }

    public int VocabularySize { get; set; }

    public int HiddenSize { get; set; }

    public int Layers { get; set; }

    /// <summary>Longest sequence in tokens (config.json's max_position_embeddings).</summary>
    public int ContextLength { get; set; }

    /// <summary>Type of the weights on disk, for example float32.</summary>
    public required string DType { get; set; }

    public bool HasChatTemplate { get; set; }

    /// <summary>The run that trained this model; null for a folder that came from outside.</summary>
    public string? ParentRunId { get; init; }

    /// <summary>Of an adapter: the folder of its base model, whose shape the entry shows. Null for a whole model.</summary>
    public string? BasePath { get; set; }

    /// <summary>Of an adapter: its rank.</summary>
    public int? LoraR { get; set; }

    /// <summary>Of an adapter: its alpha.</summary>
    public double? LoraAlpha { get; set; }

    /// <summary>Of an adapter: the modules that it updates.</summary>
    public string? LoraTargets { get; set; }

    /// <summary>The folder with the tokenizer: an adapter may leave that to its base model.</summary>
    public string TokenizerPath => BasePath is null || File.Exists(System.IO.Path.Combine(Path, "tokenizer.json")) ? Path : BasePath;

    public DateTimeOffset AddedAt { get; init; }
}
