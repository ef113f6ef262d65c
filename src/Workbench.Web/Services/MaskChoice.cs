using Workbench.Language.Chat.Masks;

namespace Workbench.Web.Services;

/// <summary>What is trained, in the words of the command line and the API.</summary>
/// <param name="Train">assistant, last-turn, all or generation-tags (transformers' assistant mask).</param>
/// <param name="Reasoning">Whether what the assistant thinks is trained.</param>
/// <param name="ToolCalls">Whether tool calls are trained.</param>
/// <param name="SplitSpecialTokens">Whether special tokens that messages spell out stay text.</param>
public sealed record MaskChoice(string Train = "assistant", bool Reasoning = true, bool ToolCalls = true, bool SplitSpecialTokens = false)
{
    /// <exception cref="UserInputException">There is no such choice.</exception>
    public MaskOptions ToOptions()
    {
        try
        {
            return new MaskOptions
            {
                Train = MaskOptions.ParseTrain(Train),
                Reasoning = Reasoning,
                ToolCalls = ToolCalls,
                RecognizeSpecialTokens = !SplitSpecialTokens,
            };
        }
        catch (ArgumentException exception)
        {
            throw new UserInputException(
                $"\"{Train}\" is no choice of what to train.", "Choose assistant, last-turn, all or generation-tags.", "train", exception);
        }
    }
}
