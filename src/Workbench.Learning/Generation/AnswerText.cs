using Workbench.Language.Tokenizers;

namespace Workbench.Learning.Generation;

/// <summary>The text of an answer as it grows: whole characters only, special tokens and stop texts left out.</summary>
internal sealed class AnswerText
{
    // What a token says depends on what stands before it (the first space of a sentencepiece text vanishes); no more than this.
    private const int PromptTail = 8;

    private readonly StreamingDecoder? _decoder;
    private readonly StopText _stop;

    public AnswerText(PretrainedTokenizer? tokenizer, IReadOnlyList<int> promptIds, IReadOnlyList<string> stops)
    {
        _stop = new StopText(stops);
        if (tokenizer is not null)
        {
            _decoder = new StreamingDecoder(tokenizer.Tokenizer, skipSpecialTokens: true);
            foreach (var id in promptIds.TakeLast(PromptTail))
            {
                _decoder.Append(id);
            }
        }
    }

    /// <summary>The stop text that came; null before one did.</summary>
    public string? StopText => _stop.Match;

    /// <summary>Adds a token and returns the text that became certain.</summary>
    public string Push(int id) => _stop.Push(_decoder?.Append(id) ?? "");

    /// <summary>What was held back, at the end.</summary>
    public string Flush() => _stop.Push(_decoder?.Finish() ?? "") + _stop.Flush();
}
