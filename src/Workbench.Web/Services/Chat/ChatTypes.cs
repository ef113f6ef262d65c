namespace Workbench.Web.Services.Chat;

/// <summary>One answer wanted: a model, with its chat template or without any.</summary>
/// <param name="ModelId">The model.</param>
/// <param name="UseTemplate">False sends the conversation's texts as they are: what the model says without a template.</param>
/// <param name="Template">A template in place of the model's own.</param>
public sealed record ChatPane(string ModelId, bool UseTemplate = true, string? Template = null)
{
    /// <summary>An adapter to merge into the model; null for none.</summary>
    public string? AdapterId { get; init; }

    /// <summary>Step of a checkpoint of the run that made the adapter, or the model; null for what the run ended with.</summary>
    public int? Checkpoint { get; init; }

    /// <summary>A JSON list of messages in place of the turn's: the pane's own conversation.</summary>
    public string? Messages { get; init; }

    /// <summary>A JSON list of tools for the template; null for none.</summary>
    public string? Tools { get; init; }

    /// <summary>How to choose in this pane; null for the turn's way.</summary>
    public ChatSampling? Sampling { get; init; }

    /// <summary>The beginning of the answer, to be gone on with; null for an answer from its start.</summary>
    public AnswerStart? Start { get; init; }
}

/// <summary>The beginning of an answer.</summary>
/// <param name="Text">As it reads.</param>
/// <param name="Ids">The tokens that the model wrote; null where someone else wrote the text.</param>
public sealed record AnswerStart(string Text, IReadOnlyList<int>? Ids = null);

/// <summary>One input for several panes.</summary>
/// <param name="Messages">A JSON list of messages, the user's question last.</param>
public sealed record ChatTurn(IReadOnlyList<ChatPane> Panes, string Messages, ChatSampling Sampling);

/// <summary>What happens in a pane (its index in <see cref="ChatTurn.Panes"/>).</summary>
public abstract record ChatEvent(int Pane);

/// <summary>The pane's exact prompt, before its first token.</summary>
/// <param name="Prompt">The text that was sent.</param>
/// <param name="PromptTokens">It as the model gets it.</param>
public sealed record ChatStarted(int Pane, string Prompt, IReadOnlyList<PromptToken> PromptTokens) : ChatEvent(Pane);

/// <summary>A token of the prompt.</summary>
/// <param name="Text">Its stretch of the prompt; for a token that stands for none, as the vocabulary spells it.</param>
/// <param name="Special">Whether the tokenizer counts it among its special tokens.</param>
public sealed record PromptToken(int Id, string Text, bool Special);

/// <summary>One more token, and the text that became certain with it, which may be empty.</summary>
/// <param name="Choice">Which of the answers asked for (<see cref="ChatSampling.N"/>), from 0.</param>
public sealed record ChatText(int Pane, int Choice, string Text, ChatToken Token) : ChatEvent(Pane);

/// <summary>A token that a model wrote.</summary>
/// <param name="Spelling">As the vocabulary spells it.</param>
/// <param name="LogProbability">Before any sampling option.</param>
/// <param name="Entropy">Of what the model expected, in nats.</param>
/// <param name="Top">What it expected most, best first.</param>
/// <param name="EndsTurn">It ends the answer and is no part of it.</param>
public sealed record ChatToken(int Id, string Spelling, double LogProbability, double Entropy, IReadOnlyList<ChatAlternative> Top, bool EndsTurn);

/// <summary>A token that might have come.</summary>
public sealed record ChatAlternative(int Id, string Text, double LogProbability);

/// <summary>The answer is complete.</summary>
/// <param name="FinishReason">stop or length, as OpenAI says.</param>
public sealed record ChatFinished(int Pane, int Choice, string FinishReason, int CompletionTokens, double TokensPerSecond) : ChatEvent(Pane)
{
    /// <summary>The token that ended the model's turn, as the vocabulary spells it; null where none did.</summary>
    public string? StopToken { get; init; }

    /// <summary>The stop text that came; null where none did.</summary>
    public string? StopText { get; init; }

    /// <summary>Whether the answer was cut because the model's context is full.</summary>
    public bool ContextFull { get; init; }
}

/// <summary>This pane cannot answer; the others go on.</summary>
public sealed record ChatFailed(int Pane, string Message, string? Remedy) : ChatEvent(Pane);
