using System.Text;
using Workbench.Web.Services;

namespace Workbench.Web.Components.Pages.Chat;

/// <summary>One answer as it grows.</summary>
public sealed class PaneState(string kind, string modelName, string modelId, bool withTemplate)
{
    private readonly StringBuilder text = new();

    /// <summary>What the pane is found by: "Base, with template".</summary>
    public string Title { get; } = $"{kind}, {(withTemplate ? "with" : "without")} template";

    public string ModelName { get; } = modelName;

    public string ModelId { get; } = modelId;

    public bool WithTemplate { get; } = withTemplate;

    /// <summary>The exact text that was sent; null before it is.</summary>
    public string? Prompt { get; private set; }

    public int PromptTokens { get; private set; }

    public string Text => text.ToString();

    public ChatFinished? Finished { get; private set; }

    public ChatFailed? Failed { get; private set; }

    public bool Stopped { get; private set; }

    /// <summary>Takes in what happened in this pane.</summary>
    public void Take(ChatEvent happened)
    {
        switch (happened)
        {
            case ChatStarted started:
                (Prompt, PromptTokens) = (started.Prompt, started.PromptIds.Count);
                break;
            case ChatText more:
                text.Append(more.Text);
                break;
            case ChatFinished finished:
                Finished = finished;
                break;
            case ChatFailed failed:
                Failed = failed;
                break;
        }
    }

    /// <summary>The turn is over: an answer that began and did not finish was stopped.</summary>
    public void End() => Stopped = Prompt is not null && Finished is null && Failed is null;
}
