using System.Globalization;
using Workbench.Language.Tokenizers.Text;
using Workbench.Language.Tokenizers.Unicode;

namespace Workbench.Language.Tokenizers.Normalizers;

/// <summary><c>Lowercase</c>: Unicode's lowercase of each character by itself.</summary>
internal sealed class LowercaseNormalizer : Normalizer
{
    private const int DottedCapitalI = 0x130; // the one character whose lowercase has two: i and a dot above
    private const int CombiningDotAbove = 0x307;

    public override Slice Normalize(in Slice text)
    {
        var builder = new AlignedTextBuilder(text);
        var span = text.Span;
        for (var i = 0; i < span.Length; i += CodePoints.LengthAt(span, i))
        {
            var code = CodePoints.At(span, i);
            if (code == DottedCapitalI)
            {
                builder.Replace('i');
                builder.Insert(CombiningDotAbove);
            }
            else
            {
                builder.Replace(ToLower(code));
            }
        }

        return builder.Finish();
    }

    /// <summary>Lowercase by Unicode 17, which Hugging Face's library has; .NET 10's tables lack what that version added.</summary>
    private static int ToLower(int code) => code switch
    {
        0xA7CE or 0xA7D2 or 0xA7D4 => code + 1, // three letters of Latin Extended-D
        >= 0x16EA0 and <= 0x16EB8 => code + 0x1B, // Beria Erfe
        _ => CodePoints.ToLower(code),
    };
}

/// <summary>Drops or maps single characters.</summary>
/// <param name="map">The character to write, or -1 to drop it.</param>
internal sealed class CharacterMapNormalizer(Func<int, int> map) : Normalizer
{
    public const int Drop = -1;

    /// <summary><c>StripAccents</c>: drops every mark (run it after NFD).</summary>
    public static CharacterMapNormalizer StripAccents { get; } = new(c => CodePoints.IsMark(c) != LegacyClasses.Mark.Contains(c) ? Drop : c);

    /// <summary>Drops the marks that take no room, as BERT's accent stripping does.</summary>
    public static CharacterMapNormalizer StripNonSpacingMarks { get; } =
        new(c => CodePoints.Category(c) == UnicodeCategory.NonSpacingMark != LegacyClasses.NonSpacingMark.Contains(c) ? Drop : c);

    /// <summary><c>Nmt</c>: sentencepiece's nmt_nfkc rules for control characters and odd spaces.</summary>
    public static CharacterMapNormalizer Nmt { get; } = new(c => c switch
    {
        (>= 0x01 and <= 0x08) or 0x0B or (>= 0x0E and <= 0x1F) or 0x7F or 0x8F or 0x9F => Drop,
        0x09 or 0x0A or 0x0C or 0x0D or 0x1680 or (>= 0x200B and <= 0x200F) or 0x2028 or 0x2029 or 0x2581 or 0xFEFF or 0xFFFD => ' ',
        _ => c,
    });

    /// <summary>BERT's cleaning: control characters go, every kind of space becomes a space.</summary>
    public static CharacterMapNormalizer BertClean { get; } = new(c => c switch
    {
        '\t' or '\n' or '\r' => ' ',
        0xFFFD => Drop,
        _ when CodePoints.Category(c) is >= UnicodeCategory.Control and <= UnicodeCategory.PrivateUse != LegacyClasses.Control.Contains(c) => Drop,
        _ when CodePoints.IsWhiteSpace(c) => ' ',
        _ => c,
    });

    public override Slice Normalize(in Slice text)
    {
        var builder = new AlignedTextBuilder(text);
        var span = text.Span;
        for (var i = 0; i < span.Length; i += CodePoints.LengthAt(span, i))
        {
            var mapped = map(CodePoints.At(span, i));
            if (mapped == Drop)
            {
                builder.Skip(1);
            }
            else
            {
                builder.Replace(mapped);
            }
        }

        return builder.Finish();
    }
}

/// <summary>Puts a space on both sides of every Chinese character, as BERT does.</summary>
internal sealed class ChineseCharacterNormalizer : Normalizer
{
    public override Slice Normalize(in Slice text)
    {
        var builder = new AlignedTextBuilder(text);
        var span = text.Span;
        for (var i = 0; i < span.Length; i += CodePoints.LengthAt(span, i))
        {
            var code = CodePoints.At(span, i);
            if (IsChinese(code))
            {
                builder.Replace(' ');
                builder.Insert(code);
                builder.Insert(' ');
            }
            else
            {
                builder.Replace(code);
            }
        }

        return builder.Finish();
    }

    private static bool IsChinese(int code) => code is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF)
        or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F) or (>= 0x2B740 and <= 0x2B81F)
        or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
