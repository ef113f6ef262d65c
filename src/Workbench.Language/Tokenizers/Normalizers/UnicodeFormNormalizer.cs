using Workbench.Language.Tokenizers.Text;
using Workbench.Language.Tokenizers.Unicode;

namespace Workbench.Language.Tokenizers.Normalizers;

/// <summary><c>NFC</c>, <c>NFD</c>, <c>NFKC</c>, <c>NFKD</c>.</summary>
internal sealed class UnicodeFormNormalizer(NormalizationForm form) : Normalizer
{
    public override Slice Normalize(in Slice text) => UnicodeNormalization.Normalize(text, form);
}
