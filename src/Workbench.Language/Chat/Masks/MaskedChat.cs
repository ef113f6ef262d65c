using Workbench.Language.Chat.Templates;
using Workbench.Language.Tokenizers;

namespace Workbench.Language.Chat.Masks;

/// <summary>A conversation or a prompt with its completion, ready for training.</summary>
public sealed record MaskedChat
{
    /// <summary>The label of a token that is not trained: PyTorch's and transformers' ignore index.</summary>
    public const int Ignored = -100;

    /// <summary>Token ids, (tokens).</summary>
    public required int[] InputIds { get; init; }

    /// <summary>The id where the token is trained, <see cref="Ignored"/> where not, (tokens). Not shifted.</summary>
    public required int[] Labels { get; init; }

    /// <summary>transformers' <c>assistant_masks</c>, (tokens); null where the template has no generation tags.</summary>
    public int[]? AssistantMasks { get; init; }

    /// <summary>The text that was tokenized.</summary>
    public required string Rendered { get; init; }

    /// <summary>The tokens with their offsets in <see cref="Rendered"/>.</summary>
    public required TokenEncoding Encoding { get; init; }

    /// <summary>Where every character of <see cref="Rendered"/> came from; null for a prompt with its completion.</summary>
    public SourceMap? SourceMap { get; init; }

    /// <summary>Why each token is trained or not, (tokens).</summary>
    public required LabelReason[] Reasons { get; init; }

    /// <summary>
    /// 1 where the origin of the text says that the token is to be trained under the options, whichever mask was chosen,
    /// (tokens): what <see cref="AssistantMasks"/> is to be compared with.
    /// </summary>
    public required int[] ProvenanceMasks { get; init; }

    /// <summary>What looks wrong.</summary>
    public required IReadOnlyList<MaskFinding> Findings { get; init; }

    /// <summary>What looks wrong, each a sentence that names the place and the remedy.</summary>
    public IReadOnlyList<string> Warnings => [.. Findings.Select(finding => finding.Message)];

    /// <summary>How many tokens are trained.</summary>
    public int TrainedTokens => Labels.Count(l => l != Ignored);
}
