namespace Workbench.Language.Chat.Masks;

/// <summary>A stretch of the rendered text (UTF-16) and why it is trained or not. Stretches do not overlap.</summary>
internal readonly record struct TrainedSpan(int Start, int End, LabelKind Kind, bool Trained, int? MessageIndex);
