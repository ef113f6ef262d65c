namespace Workbench.Benchmarks.Tokenize;

/// <summary>One tokenizer's figures beside the peer's.</summary>
internal sealed record TokenizeResult(
    string Tokenizer,
    double MegabytesPerSecond,
    double PeerMegabytesPerSecond,
    double TimesPeer,
    double LoadSeconds,
    double BytesPerToken,
    bool SameTokens);

/// <summary>What one long document took.</summary>
internal sealed record GrowthResult(string Tokenizer, int MillionCharacters, double Seconds, int Tokens, double PeakMegabytes);
