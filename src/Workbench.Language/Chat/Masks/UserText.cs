using Workbench.Language.Chat.Templates;

namespace Workbench.Language.Chat.Masks;

/// <summary>Which characters of a rendering are data: messages, tools, documents and further variables.</summary>
internal static class UserText
{
    /// <summary>The stretches of data in order, neighbours joined.</summary>
    public static List<(int Start, int End)> Stretches(string text, IReadOnlyList<SourceSpan> sources)
    {
        var stretches = new List<(int Start, int End)>();
        foreach (var source in sources)
        {
            if (!IsData(text, source))
            {
                continue;
            }

            if (stretches.Count > 0 && stretches[^1].End == source.Start)
            {
                stretches[^1] = (stretches[^1].Start, source.End);
            }
            else
            {
                stretches.Add((source.Start, source.End));
            }
        }

        return stretches;
    }

    private static bool IsData(string text, SourceSpan source)
    {
        if (source.Field is null)
        {
            return false;
        }

        // Templates build tokens such as <|user|> from the role, so a role that is a plain word is theirs.
        if (source is { MessageIndex: not null, Field: "role" })
        {
            return !text[source.Start..source.End].All(c => char.IsLetterOrDigit(c) || c is '_' or '-');
        }

        // bos_token, eos_token and the like are the tokenizer's.
        return source.MessageIndex is not null
            || !(source.Field.EndsWith("_token", StringComparison.Ordinal) || source.Field.StartsWith("additional_special_tokens", StringComparison.Ordinal));
    }
}
