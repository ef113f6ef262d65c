namespace Workbench.Web.Services;

/// <summary>One answer wanted: a model, with its chat template or without any.</summary>
/// <param name="ModelId">The model.</param>
/// <param name="UseTemplate">False sends the last message's text as it is: what the model says without a template.</param>
/// <param name="Template">A template in place of the model's own.</param>
public sealed record ChatPane(string ModelId, bool UseTemplate = true, string? Template = null);

/// <summary>How tokens are chosen, under OpenAI's names. The defaults are greedy, as in the field's examples.</summary>
public sealed record ChatSampling(double Temperature = 0, double TopP = 1, int TopK = 0, int MaxTokens = 256, int? Seed = null);

/// <summary>One input for several panes.</summary>
/// <param name="Messages">A JSON list of messages, the user's question last.</param>
public sealed record ChatTurn(IReadOnlyList<ChatPane> Panes, string Messages, ChatSampling Sampling);

/// <summary>What happens in a pane (its index in <see cref="ChatTurn.Panes"/>).</summary>
public abstract record ChatEvent(int Pane);

/// <summary>The pane's exact prompt, before its first token.</summary>
public sealed record ChatStarted(int Pane, string Prompt, IReadOnlyList<int> PromptIds) : ChatEvent(Pane);

/// <summary>More text.</summary>
public sealed record ChatText(int Pane, string Text) : ChatEvent(Pane);

/// <summary>The answer is complete.</summary>
/// <param name="FinishReason">stop or length, as OpenAI says.</param>
public sealed record ChatFinished(int Pane, string FinishReason, int CompletionTokens, double TokensPerSecond) : ChatEvent(Pane);

/// <summary>This pane cannot answer; the others go on.</summary>
public sealed record ChatFailed(int Pane, string Message, string? Remedy) : ChatEvent(Pane);
