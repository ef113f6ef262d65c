using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.Patterns;

/// <summary>Every single character that fulfils a condition.</summary>
internal sealed class CharacterPattern(Func<int, bool> condition) : TextPattern
{
    public override bool Find(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        for (var i = from; i < text.Length; i = end)
        {
            end = i + CodePoints.LengthAt(text, i);
            if (condition(CodePoints.At(text, i)))
            {
                start = i;
                return true;
            }
        }

        (start, end) = (0, 0);
        return false;
    }
}
