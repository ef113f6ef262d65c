namespace Workbench.Language.Chat.Presets;

/// <summary>A chat template of a model family, written for this workbench.</summary>
/// <param name="Name">Short name, unique: <c>chatml</c>.</param>
/// <param name="Title">The family's own name.</param>
/// <param name="Description">What the format looks like and for whom it is, in a sentence or two.</param>
/// <param name="Template">Jinja text; it marks what an assistant says with <c>{% generation %}</c>.</param>
/// <param name="EndOfTurn">The token that ends an answer, or <c>eos_token</c> where that is whatever the model's own is.</param>
/// <param name="RequiredTokens">Tokens that the model's vocabulary must have for the format to make sense to it.</param>
public sealed record ChatPreset(
    string Name,
    string Title,
    string Description,
    string Template,
    string EndOfTurn,
    IReadOnlyList<string> RequiredTokens);
