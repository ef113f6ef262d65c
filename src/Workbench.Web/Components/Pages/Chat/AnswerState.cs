using System.Text;
using Workbench.Web.Services.Chat;

namespace Workbench.Web.Components.Pages.Chat;

/// <summary>One answer as it grows.</summary>
public sealed class AnswerState
{
    private readonly List<ChatText> tokens = [];
    private readonly StringBuilder text = new();
    private string? markup;

    /// <summary>An answer that is to come.</summary>
    public AnswerState()
    {
    }

    /// <summary>An answer with a text that a person gave it.</summary>
    public AnswerState(AnswerState before, string given)
    {
        (Given, Prompt, PromptTokens) = (given, before.Prompt, before.PromptTokens);
        text.Append(given);
    }

    /// <summary>The beginning that a person wrote; empty where the model wrote it all.</summary>
    public string Given { get; private set; } = "";

    /// <summary>The exact text that was sent; null before it is.</summary>
    public string? Prompt { get; private set; }

    public IReadOnlyList<PromptToken> PromptTokens { get; private set; } = [];

    public string Text => text.ToString();

    /// <summary>The answer's text and the functions that it wants called.</summary>
    public ToolAnswer Tools => ToolCalls.Read(Text);

    public ChatFinished? Finished { get; private set; }

    public ChatFailed? Failed { get; private set; }

    public bool Stopped { get; private set; }

    /// <summary>Tokens are still to come.</summary>
    public bool Growing { get; private set; }

    /// <summary>The tokens that the model wrote, as HTML.</summary>
    public string Markup => markup ??= TokenMarkup.Of(tokens);

    /// <summary>What to go on from: the model's own tokens, or the text where a person or a stop text had a hand in it.</summary>
    public AnswerStart Start => new(Text, Given.Length > 0 || Finished?.StopText is not null ? null : [.. tokens.Where(token => !token.Token.EndsTurn).Select(token => token.Token.Id)]);

    /// <summary>The model is asked, for a new answer or for more of it.</summary>
    public void Begin()
    {
        tokens.RemoveAll(token => token.Token.EndsTurn);
        (Growing, Stopped, Finished, Failed, markup) = (true, false, null, null, null);
    }

    /// <summary>Takes in what happened.</summary>
    public void Take(ChatEvent happened)
    {
        switch (happened)
        {
            case ChatStarted started when Prompt is null:
                (Prompt, PromptTokens) = (started.Prompt, started.PromptTokens);
                break;
            case ChatText more:
                tokens.Add(more);
                text.Append(more.Text);
                break;
            case ChatFinished finished:
                (Finished, Growing) = (finished, false);
                break;
            case ChatFailed failed:
                (Failed, Growing) = (failed, false);
                break;
        }
    }

    /// <summary>Nothing more comes: an answer that did not finish was stopped.</summary>
    public void End() => (Stopped, Growing) = (Finished is null && Failed is null, false);

    /// <summary>The same answer in another conversation.</summary>
    public AnswerState Copy()
    {
        var copy = new AnswerState { Given = Given, Prompt = Prompt, PromptTokens = PromptTokens, Finished = Finished, Failed = Failed, Stopped = Stopped };
        copy.tokens.AddRange(tokens);
        copy.text.Append(text);
        return copy;
    }
}
