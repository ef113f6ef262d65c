using Workbench.Web.Services.Chat;

namespace Workbench.Web.Components.Pages.Chat;

/// <summary>Sampling options while they are edited. Greedy to begin with.</summary>
public sealed class SamplingDraft
{
    public double Temperature { get; set; }

    public double TopP { get; set; } = 1;

    public int TopK { get; set; }

    public double MinP { get; set; }

    public double RepetitionPenalty { get; set; } = 1;

    public double PresencePenalty { get; set; }

    public double FrequencyPenalty { get; set; }

    public int MaxTokens { get; set; } = 256;

    public int? Seed { get; set; } = 42;

    public int N { get; set; } = 1;

    /// <summary>One stop text a line; \n and \t stand for line break and tab.</summary>
    public string Stop { get; set; } = "";

    public SamplingDraft Copy() => (SamplingDraft)MemberwiseClone();

    public ChatSampling ToSampling() => new(Temperature, TopP, TopK, MaxTokens, Seed)
    {
        MinP = MinP,
        RepetitionPenalty = RepetitionPenalty,
        PresencePenalty = PresencePenalty,
        FrequencyPenalty = FrequencyPenalty,
        N = N,
        Stop = [.. Stop.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0)
            .Select(line => line.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\t", "\t", StringComparison.Ordinal))],
    };
}
