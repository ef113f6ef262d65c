namespace Workbench.Language.Tokenizers.Decoders;

/// <summary>Turns tokens back into text, each step handing a list of strings to the next; in the end they are joined.</summary>
internal abstract class Decoder
{
    public abstract List<string> Decode(List<string> tokens);
}

/// <summary>One decoder after the other.</summary>
internal sealed class SequenceDecoder(Decoder[] steps) : Decoder
{
    public override List<string> Decode(List<string> tokens) => steps.Aggregate(tokens, (current, step) => step.Decode(current));
}

/// <summary><c>Fuse</c>: joins everything, so that later steps see one string.</summary>
internal sealed class FuseDecoder : Decoder
{
    public override List<string> Decode(List<string> tokens) => [string.Concat(tokens)];
}
