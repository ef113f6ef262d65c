using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.Normalizers;

/// <summary>Changes text before it is split and encoded, and keeps track of where each character came from.</summary>
internal abstract class Normalizer
{
    /// <summary>Returns the very same slice where there is nothing to change.</summary>
    public abstract Slice Normalize(in Slice text);
}
