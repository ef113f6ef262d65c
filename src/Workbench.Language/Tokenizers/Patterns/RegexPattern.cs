using System.Collections.Concurrent;
using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.Patterns;

/// <summary>
/// A regular expression with the meaning that Oniguruma gives it. .NET's own engine works on UTF-16 units, so that
/// <c>\p{L}</c> misses every letter beyond U+FFFF, and knows neither possessive repetition nor class intersection.
/// </summary>
internal sealed class RegexPattern : TextPattern
{
    private static readonly ConcurrentDictionary<string, PatternProgram> Cache = new();

    private readonly PatternProgram _program;

    private RegexPattern(PatternProgram program) => _program = program;

    /// <exception cref="FormatException">The pattern is malformed or uses a construct that is not supported.</exception>
    public static RegexPattern Parse(string pattern)
    {
        if (!Cache.TryGetValue(pattern, out var program))
        {
            program = PatternProgram.Compile(PatternParser.Parse(pattern));
            if (Cache.Count < 256)
            {
                Cache[pattern] = program;
            }
        }

        return new RegexPattern(program);
    }

    public override bool Find(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        var first = _program.First;
        var matcher = new PatternMatcher(_program, text, from);
        for (start = from; start < text.Length; start += CodePoints.LengthAt(text, start))
        {
            if (first is not null && !first.Contains(CodePoints.At(text, start)))
            {
                continue;
            }

            end = matcher.MatchAt(start);
            if (end >= 0)
            {
                return true;
            }
        }

        end = first is null ? matcher.MatchAt(start = text.Length) : -1;
        return end >= 0;
    }
}
