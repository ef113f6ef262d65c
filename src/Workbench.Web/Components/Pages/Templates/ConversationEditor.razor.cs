using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Workbench.Web.Components.Shared;
using Workbench.Web.Languages;
using Workbench.Web.Services;

namespace Workbench.Web.Components.Pages.Templates;

/// <summary>Edits the conversation part of a <see cref="WorkspaceState"/>.</summary>
public sealed partial class ConversationEditor(IJSRuntime browser) : IAsyncDisposable
{
    /// <summary>Milliseconds: the preview follows the typing.</summary>
    private const int Debounce = 40;

    private static readonly Extra[] Extras =
    [
        new(PreviewInputs.Tools, "Tools", "a list of JSON schemas", state => state.Tools, (state, text) => state with { Tools = text }),
        new(PreviewInputs.Documents, "Documents", "a list of objects with title and text", state => state.Documents, (state, text) => state with { Documents = text }),
        new(PreviewInputs.Kwargs, "Variables", "an object: enable_thinking, continue_final_message …", state => state.Kwargs, (state, text) => state with { Kwargs = text }),
    ];

    private IReadOnlyList<MessageCard>? cards;
    private string? read;
    private string? reason;
    private bool asJson;
    private bool importing;
    private bool? extras;
    private IJSObjectReference? module;

    [Parameter, EditorRequired]
    public WorkspaceState State { get; set; } = new();

    [Parameter]
    public EventCallback<WorkspaceState> StateChanged { get; set; }

    /// <summary>What is wrong with one of the inputs.</summary>
    [Parameter]
    public PreviewProblem? Fault { get; set; }

    private string SampleName => SampleConversations.All.FirstOrDefault(sample => sample.Messages == State.Messages)?.Name ?? "";

    /// <summary>Until the user decides, what is in use is shown.</summary>
    private bool ShowsExtras => extras ?? State.Tools.Length + State.Documents.Length + State.Kwargs.Length > 0;

    protected override void OnParametersSet()
    {
        if (Extras.Any(input => input.Source == Fault?.Source))
        {
            extras = true; // a fault that cannot be seen cannot be corrected
        }

        if (read != State.Messages)
        {
            read = State.Messages;
            cards = MessageCards.Read(read, out reason);
        }
    }

    private static string Pressed(bool on) => on ? "true" : "false";

    private Task ChangeAsync(WorkspaceState state) => StateChanged.InvokeAsync(state);

    private Task EditAsync(Func<string, string> edit) => ChangeAsync(State with { Messages = edit(State.Messages) });

    /// <summary>The focus goes with the message that moved.</summary>
    private async Task MoveAsync(int index, int by)
    {
        var moved = EditAsync(json => MessageEdits.Move(json, index, by));
        StateHasChanged();
        module ??= await browser.InvokeAsync<IJSObjectReference>("import", "/js/turns.js");
        await module.InvokeVoidAsync("focusMoved", index, index + by);
        await moved;
    }

    /// <summary>The next speaker of an ordinary conversation.</summary>
    private Task AddAsync() => EditAsync(json => MessageEdits.Insert(json, cards!.Count, cards is [.., { Role: "user" }] ? "assistant" : "user"));

    private Task SampleAsync(string name)
    {
        var sample = SampleConversations.All.FirstOrDefault(candidate => candidate.Name == name);
        return sample is null
            ? Task.CompletedTask
            : ChangeAsync(State with { Messages = sample.Messages, Tools = sample.Tools, Documents = "", Kwargs = sample.Kwargs });
    }

    private Task ImportAsync(string messages)
    {
        importing = false;
        return ChangeAsync(State with { Messages = messages });
    }

    public ValueTask DisposeAsync() => module.ReleaseAsync();

    private IReadOnlyList<EditorFault> FaultsOf(string source) =>
        Fault is { } fault && fault.Source == source ? [new EditorFault(fault.Line, fault.Column, L.Said(fault.Message))] : [];

    private sealed record Extra(string Source, string Title, string Hint, Func<WorkspaceState, string> Get, Func<WorkspaceState, string, WorkspaceState> Set);
}
