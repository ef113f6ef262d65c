using Workbench.Language.Tokenizers;

namespace Workbench.Language.Chat.Masks;

/// <summary>
/// Finds what ends a turn in the template's text behind an answer: the first token that generation stops at, else the
/// first special token, else eos_token where the template writes it, else a tag such as <c>&lt;|im_end|&gt;</c> that the
/// vocabulary does not have. A token that begins the text, stands in the generation prompt or right before the first
/// message opens turns rather than ending them.
/// </summary>
/// <param name="text">The rendered text.</param>
/// <param name="encoding">Its tokens.</param>
/// <param name="tokenizer">Whose tokens they are.</param>
/// <param name="firstMessage">Where the first message's data begin (UTF-16).</param>
/// <param name="generationPrompt">What the template writes for add_generation_prompt; empty where unknown.</param>
internal sealed class EndOfTurnFinder(
    string text, TokenEncoding encoding, PretrainedTokenizer tokenizer, int firstMessage, string generationPrompt)
{
    private readonly string _beginning = text[..firstMessage];

    /// <param name="start">Where the answer ends.</param>
    /// <param name="end">Where the template's text behind it ends.</param>
    /// <param name="closes">The answer ended in a tool call or reasoning, which the template's text has still to close.</param>
    /// <param name="eos">Where the template wrote eos_token in between.</param>
    public (int Start, int End)? Find(int start, int end, bool closes, (int Start, int End)? eos)
    {
        (int Start, int End)? special = null;
        for (var i = FirstTokenAt(start); i < encoding.Ids.Length && encoding.CharOffsets[i].Start < end; i++)
        {
            var id = encoding.Ids[i];
            var place = encoding.CharOffsets[i];
            if (IsControl(id))
            {
                if ((id != tokenizer.EosTokenId && Opens(text[place.Start..place.End])) || !Reaches(start, place.Start, closes))
                {
                    break;
                }

                if (tokenizer.StopIds.Contains(id))
                {
                    return place;
                }

                special ??= place;
            }
            else if (special is not null && !closes)
            {
                break; // a stop token counts beyond a special one only where it follows at once
            }
        }

        return special ?? (eos is { } written && Reaches(start, written.Start, closes) ? written : Tag(start, end));
    }

    private int FirstTokenAt(int start)
    {
        var i = 0;
        while (i < encoding.Ids.Length && encoding.CharOffsets[i].Start < start)
        {
            i++;
        }

        return i;
    }

    private bool IsControl(int id) => tokenizer.Tokenizer.IsSpecial(id) || tokenizer.StopIds.Contains(id);

    private bool Opens(string token)
    {
        var at = _beginning.LastIndexOf(token, StringComparison.Ordinal);
        if (generationPrompt.Length == 0)
        {
            return at >= 0;
        }

        // A default system prompt ends with the token that ends answers: of the beginning only its last token counts.
        return generationPrompt.Contains(token, StringComparison.Ordinal)
            || _beginning.StartsWith(token, StringComparison.Ordinal)
            || (at >= 0 && _beginning.AsSpan(at + token.Length).IndexOfAny('>', ']') < 0);
    }

    /// <summary>Nothing but white space and special tokens may stand between an answer and its end.</summary>
    private bool Reaches(int start, int at, bool closes)
    {
        if (closes || string.IsNullOrWhiteSpace(text[start..at]))
        {
            return true;
        }

        for (var i = FirstTokenAt(start); i < encoding.Ids.Length && encoding.CharOffsets[i].Start < at; i++)
        {
            var (from, to) = encoding.CharOffsets[i];
            if (!tokenizer.Tokenizer.IsSpecial(encoding.Ids[i]) && !string.IsNullOrWhiteSpace(text[from..to]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A tag in angle or square brackets right behind the answer, in text that the vocabulary has no token for.</summary>
    private (int Start, int End)? Tag(int start, int end)
    {
        var from = start;
        while (from < end && char.IsWhiteSpace(text[from]))
        {
            from++;
        }

        var close = from < end ? text[from] switch { '<' => '>', '[' => ']', _ => '\0' } : '\0';
        var to = close == '\0' ? -1 : text.IndexOf(close, from, end - from);
        if (to < 0 || text.AsSpan(from, to - from).ContainsAny(' ', '\n') || Opens(text[from..(to + 1)]))
        {
            return null;
        }

        return (from, to + 1);
    }
}
