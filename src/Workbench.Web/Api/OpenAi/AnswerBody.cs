using System.Text;
using Workbench.Language.Tokenizers;
using Workbench.Learning.Generation;
using Workbench.Web.Services;
using Workbench.Web.Services.Chat;

namespace Workbench.Web.Api.OpenAi;

/// <summary>One answer of a request as it grows, and how it looks whole or in pieces.</summary>
internal sealed class AnswerBody(OpenAiRequest request, Tokenizer tokenizer, int index, bool chat)
{
    private readonly StringBuilder text = new();
    private readonly ToolCallHold? hold = chat && request.HasTools ? new ToolCallHold() : null;
    private readonly List<GeneratedToken> told = [];
    private int offset;

    /// <summary>Tokens computed, the one that ended it among them.</summary>
    public int Tokens { get; private set; }

    private string? Reason { get; set; }

    /// <summary>The pieces that a token adds to a stream.</summary>
    public IEnumerable<CompletionChoice> Take(GeneratedToken token)
    {
        var first = Tokens++ == 0;
        Reason = token.FinishReason ?? Reason;
        text.Append(token.Text);
        if (!token.EndsTurn)
        {
            told.Add(token);
        }

        if (first && chat)
        {
            yield return new CompletionChoice(index, null) { Delta = new ChatDelta { Role = "assistant", Content = "" } };
        }

        var released = hold?.Push(token.Text) ?? token.Text;
        var calls = token.FinishReason is null ? [] : Calls;
        if (token.FinishReason is not null && calls.Count == 0)
        {
            released += hold?.Rest() ?? "";
        }

        if (released.Length > 0 || (request.LogProbs && !token.EndsTurn))
        {
            yield return Piece(released, token.EndsTurn ? [] : [token]);
        }

        if (token.FinishReason is not null)
        {
            if (calls.Count > 0)
            {
                yield return new CompletionChoice(index, null) { Delta = new ChatDelta { ToolCalls = Bodies(calls, numbered: true) } };
            }

            yield return chat
                ? new CompletionChoice(index, calls.Count > 0 ? "tool_calls" : Reason) { Delta = new ChatDelta() }
                : new CompletionChoice(index, Reason) { Text = "" };
        }
    }

    /// <summary>The answer as a whole.</summary>
    public CompletionChoice Whole()
    {
        if (!chat)
        {
            return new CompletionChoice(index, Reason) { Text = text.ToString(), Logprobs = LogProbs(told) };
        }

        var read = request.HasTools ? ToolCalls.Read(text.ToString()) : new ToolAnswer(text.ToString(), []);
        return new CompletionChoice(index, read.Calls.Count > 0 ? "tool_calls" : Reason)
        {
            Message = new ChatMessageBody("assistant", read.Calls.Count > 0 && read.Text.Length == 0 ? null : read.Text)
            {
                ToolCalls = read.Calls.Count > 0 ? Bodies(read.Calls, numbered: false) : null,
            },
            Logprobs = LogProbs(told),
        };
    }

    private IReadOnlyList<ToolCall> Calls => hold is null ? [] : ToolCalls.Read(text.ToString()).Calls;

    private CompletionChoice Piece(string content, IReadOnlyList<GeneratedToken> tokens) => chat
        ? new CompletionChoice(index, null) { Delta = new ChatDelta { Content = content }, Logprobs = LogProbs(tokens) }
        : new CompletionChoice(index, null) { Text = content, Logprobs = LogProbs(tokens) };

    private static List<CallBody> Bodies(IReadOnlyList<ToolCall> calls, bool numbered) =>
        [.. calls.Select((call, number) => new CallBody(numbered ? number : null, $"c{ShortId.New()}", "function", new CallFunction(call.Name, call.Arguments.ToJsonString(OpenAiErrors.Json))))];

    private object? LogProbs(IReadOnlyList<GeneratedToken> tokens)
    {
        if (!request.LogProbs)
        {
            return null;
        }

        return chat ? new ChatLogProbs([.. tokens.Select(ChatLogProbOf)]) : TextLogProbsOf(tokens);
    }

    private ChatLogProb ChatLogProbOf(GeneratedToken token)
    {
        var said = TokenTexts.Of(tokenizer, token.Id);
        return new ChatLogProb(said, token.LogProbability, Bytes(said), [.. Top(token).Select(best => new TopLogProb(best.Text, best.LogProbability, Bytes(best.Text)))]);
    }

    private TextLogProbs TextLogProbsOf(IReadOnlyList<GeneratedToken> tokens)
    {
        var offsets = new List<int>();
        foreach (var token in tokens)
        {
            offsets.Add(offset);
            offset += TokenTexts.Of(tokenizer, token.Id).Length;
        }

        return new TextLogProbs(
            [.. tokens.Select(token => TokenTexts.Of(tokenizer, token.Id))],
            [.. tokens.Select(token => token.LogProbability)],
            [.. tokens.Select(token => Top(token).GroupBy(best => best.Text).ToDictionary(best => best.Key, best => best.First().LogProbability))],
            offsets);
    }

    private IEnumerable<(string Text, double LogProbability)> Top(GeneratedToken token) =>
        (token.Next?.Top ?? []).Select(best => (TokenTexts.Of(tokenizer, best.Id), best.LogProbability));

    private static int[] Bytes(string text) => [.. Encoding.UTF8.GetBytes(text).Select(one => (int)one)];
}
