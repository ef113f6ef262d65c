using Microsoft.AspNetCore.Components;
using Workbench.Web.Components.Shared;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;

namespace Workbench.Web.Components.Pages.Templates;

/// <summary>Shows a second preview beside the page's own, as differences.</summary>
public sealed partial class ComparePanel(TemplateService templates, PreviewService previews) : IDisposable
{
    private const string None = "none";
    private const string TokenizerPrefix = "tokenizer:";

    /// <summary>What a model gets that is asked without a template: the texts, one below the other.</summary>
    private const string ContentsOnly = "{%- for message in messages -%}{{- message.content if message.content is string else '' -}}{{- '\\n' -}}{%- endfor -%}";

    private readonly CancellationTokenSource left = new();
    private IReadOnlyList<TemplateEntry> saved = [];
    private string with = "";
    private Comparison? comparison;
    private Problem? problem;
    private Preview? compared;

    [Parameter, EditorRequired]
    public WorkspaceState State { get; set; } = new();

    /// <summary>The page's own preview, the left side.</summary>
    [Parameter, EditorRequired]
    public Preview? Own { get; set; }

    [Parameter]
    public IReadOnlyList<ModelEntry> Models { get; set; } = [];

    protected override async Task OnInitializedAsync() => saved = await templates.ListAsync(left.Token);

    protected override Task OnParametersSetAsync() => ReferenceEquals(Own, compared) ? Task.CompletedTask : CompareAsync();

    private Task ChooseAsync(string choice)
    {
        with = choice;
        return CompareAsync();
    }

    private async Task CompareAsync()
    {
        compared = Own;
        if (with.Length == 0 || Own?.Text is null)
        {
            return;
        }

        var (own, choice) = (Own, with);
        try
        {
            problem = null;
            var other = choice.StartsWith(TokenizerPrefix, StringComparison.Ordinal)
                ? State with { ModelId = choice[TokenizerPrefix.Length..] }
                : State with { Template = choice == None ? ContentsOnly : await templates.ResolveAsync(choice, left.Token) ?? "" };
            var right = await previews.PreviewAsync(other.ToRequest(), left.Token);
            if (ReferenceEquals(own, Own) && choice == with)
            {
                comparison = new Comparison(own, right, [.. right.Text is null ? [] : Diffs(own, right, choice, other)]);
            }
        }
        catch (UserInputException exception)
        {
            (problem, comparison) = (Problem.From(exception), null);
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            // the page was left
        }
    }

    private IEnumerable<(string, IReadOnlyList<DiffLine>)> Diffs(Preview own, Preview right, string choice, WorkspaceState other)
    {
        yield return ("Renderings", LineDiff.Of(own.Text!.Split('\n'), right.Text!.Split('\n')));
        if (choice.StartsWith(TokenizerPrefix, StringComparison.Ordinal))
        {
            yield return ("Tokens", LineDiff.Of([.. own.Tokens.Select(token => token.Text)], [.. right.Tokens.Select(token => token.Text)]));
        }
        else if (choice != None)
        {
            yield return ("Templates", LineDiff.Of(State.Template.Split('\n'), other.Template.Split('\n')));
        }
    }

    private static string Change(int from, int to) => from == to ? Figures.Count(from) : $"{Figures.Count(from)} → {Figures.Count(to)}";

    public void Dispose()
    {
        left.Cancel();
        left.Dispose();
    }

    private sealed record Comparison(Preview Left, Preview Right, IReadOnlyList<(string Title, IReadOnlyList<DiffLine> Lines)> Diffs);
}
