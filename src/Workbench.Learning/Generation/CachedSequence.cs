using Workbench.Learning.Models.Decoder;

namespace Workbench.Learning.Generation;

/// <summary>A prompt and what follows it, with the keys and values computed so far.</summary>
internal sealed class CachedSequence(int slot, int[] prompt, KeyValueCache cache) : IDisposable
{
    /// <summary>Its number among the sequences that are continued at the same time.</summary>
    public int Slot { get; } = slot;

    public int[] Prompt { get; } = prompt;

    public KeyValueCache Cache { get; } = cache;

    /// <summary>Logits after the prompt, (V); null until all of it was computed.</summary>
    public float[]? PromptLogits { get; set; }

    public void Dispose() => Cache.Dispose();
}
