using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Workbench.Web.Components.Shared;
using Workbench.Web.Services;

namespace Workbench.Web.Components.Pages.Templates;

/// <summary>Shows a <see cref="Preview"/>; the text itself is painted by the browser module promptView.</summary>
public sealed partial class TemplatePreview
{
    private const string Roles = "Roles";
    private const string Tokens = "Tokens";
    private const string Mask = "Mask";
    private const string Table = "Table";

    private static readonly (string Name, bool NeedsTokens)[] Views = [(Roles, false), (Tokens, true), (Mask, true), (Table, true)];

    private ElementReference area;
    private ElementReference origin;
    private BrowserPart? part;
    private Task<IJSObjectReference?>? painter;
    private string view = Roles;
    private bool whitespace = true;
    private bool cut;
    private (Preview? Result, string View, bool Whitespace) painted;

    /// <summary>What came of the latest input; null before the first.</summary>
    [Parameter, EditorRequired]
    public Preview? Result { get; set; }

    /// <summary>The latest that has a text: <see cref="Result"/> itself, or what came before the input was broken.</summary>
    [Parameter, EditorRequired]
    public Preview? Good { get; set; }

    [Parameter]
    public bool HasModel { get; set; }

    [Parameter]
    public MaskChoice Choice { get; set; } = new();

    [Parameter]
    public EventCallback<MaskChoice> ChoiceChanged { get; set; }

    private bool Stale => Result?.Problem is not null;

    private string Legend => view switch
    {
        Tokens => "Each box is a token, its id below it.",
        Mask => "Underlined is trained, the rest is not.",
        _ => "Pills are special tokens.",
    };

    protected override void OnParametersSet()
    {
        if (Good is { Tokens.Count: 0 } && view != Roles)
        {
            view = Roles;
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (Good is null || painted == (Good, view, whitespace))
        {
            return;
        }

        painted = (Good, view, whitespace);
        var paint = PromptPaint.Of(Good);
        if (await (painter ??= CreateAsync()) is not { } shown)
        {
            return;
        }

        await shown.InvokeVoidAsync("show", paint, view, whitespace);
        if (cut != paint.Text.Length < Good.Text!.Length)
        {
            cut = !cut;
            StateHasChanged();
        }
    }

    private Task<IJSObjectReference?> CreateAsync()
    {
        part = new BrowserPart(Browser, "/js/promptView.js");
        return part.CreateAsync("create", area, origin);
    }

    private static string PlaceOf(PreviewProblem problem) => problem.Line is { } line ? $"{problem.Source}, line {line}" : problem.Source;

    public ValueTask DisposeAsync() => part?.DisposeAsync() ?? ValueTask.CompletedTask;
}
