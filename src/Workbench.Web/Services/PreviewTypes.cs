using Workbench.Language.Chat.Templates;

namespace Workbench.Web.Services;

/// <summary>What to preview.</summary>
/// <param name="Template">The Jinja text.</param>
/// <param name="Messages">A JSON list of messages.</param>
/// <param name="ModelId">Whose tokenizer to use; without one there are no tokens and no labels.</param>
/// <param name="Tools">A JSON list of tool definitions.</param>
/// <param name="Documents">A JSON list of documents.</param>
/// <param name="Kwargs">A JSON object of further template variables.</param>
/// <param name="AddGenerationPrompt">Whether the rendering ends with the assistant's header.</param>
/// <param name="Mask">What is trained; everything that the assistant says where null.</param>
public sealed record PreviewRequest(
    string Template,
    string Messages,
    string? ModelId = null,
    string? Tools = null,
    string? Documents = null,
    string? Kwargs = null,
    bool AddGenerationPrompt = false,
    MaskChoice? Mask = null);

/// <summary>One token of the rendered text.</summary>
/// <param name="Text">The token as the vocabulary spells it.</param>
/// <param name="Start">Where it begins in the rendered text (UTF-16).</param>
/// <param name="End">Where it ends.</param>
/// <param name="Trained">Whether training learns to write it (its label is its id, not -100).</param>
/// <param name="Reason">Why it is trained or not.</param>
/// <param name="Special">Whether the tokenizer counts it among its special tokens.</param>
public sealed record PreviewToken(int Id, string Text, int Start, int End, bool Trained, string Reason, bool Special);

/// <summary>A stretch of the rendered text that belongs to one turn.</summary>
/// <param name="Start">First character (UTF-16).</param>
/// <param name="End">One past the last.</param>
/// <param name="Role">The message's role; <see cref="TemplateText"/> or <see cref="GenerationPrompt"/> for text of no message.</param>
/// <param name="Message">Index of the message.</param>
public sealed record RoleBand(int Start, int End, string Role, int? Message)
{
    /// <summary>Text that the template writes of its own, such as a default system prompt.</summary>
    public const string TemplateText = "template";

    /// <summary>What add_generation_prompt adds: the header of an answer that is still to come.</summary>
    public const string GenerationPrompt = "prompt";
}

/// <summary>Names of what a preview is made from.</summary>
public static class PreviewInputs
{
    public const string Template = "template";
    public const string Messages = "messages";
    public const string Tools = "tools";
    public const string Documents = "documents";
    public const string Kwargs = "kwargs";
    public const string Model = "model";
}

/// <summary>Why there is no preview.</summary>
/// <param name="Source">Which input is at fault, one of <see cref="PreviewInputs"/>.</param>
/// <param name="Line">Line in that input, from 1.</param>
/// <param name="Column">Column in that line, from 1.</param>
public sealed record PreviewProblem(string Source, string Message, string? Remedy, int? Line, int? Column);

/// <summary>What the template makes of the messages.</summary>
/// <param name="Text">The rendered text; null when <paramref name="Problem"/> says why.</param>
/// <param name="Tokens">Tokens in order; empty without a model.</param>
/// <param name="TrainedTokens">How many of them are trained.</param>
/// <param name="Warnings">What the mask builder found odd.</param>
public sealed record Preview(
    string? Text, IReadOnlyList<PreviewToken> Tokens, int TrainedTokens, IReadOnlyList<string> Warnings, PreviewProblem? Problem)
{
    /// <summary>Where every character came from, in order and without gaps.</summary>
    public IReadOnlyList<SourceSpan> Origins { get; init; } = [];

    /// <summary>Turns of the text, in order and without gaps.</summary>
    public IReadOnlyList<RoleBand> Bands { get; init; } = [];
}
