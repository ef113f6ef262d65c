namespace Workbench.Language.Tokenizers.AddedTokens;

/// <summary>A token that is found in the text before anything else happens to it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">The text that it stands for.</param>
/// <param name="SingleWord">Only where no word character touches it.</param>
/// <param name="LeftStrip">Takes the white space before it along.</param>
/// <param name="RightStrip">Takes the white space behind it along.</param>
/// <param name="Normalized">Is looked for in the normalized text instead of the text as given.</param>
/// <param name="Special">Controls the model, says nothing: left out when decoding without special tokens.</param>
public sealed record AddedToken(
    int Id, string Content, bool SingleWord, bool LeftStrip, bool RightStrip, bool Normalized, bool Special);
