namespace Workbench.Web.Services.Teachers;

/// <summary>How many answers, and what they may cost.</summary>
public sealed record AnswerPlan
{
    /// <summary>Most answers to one prompt.</summary>
    public const int MaxPerPrompt = 1024;

    /// <summary>Answers to each prompt.</summary>
    public int PerPrompt { get; init; } = 1;

    /// <summary>A system message before prompts that have none; null for none.</summary>
    public string? System { get; init; }

    /// <summary>Seeds of all answers follow from it, the prompt and the answer's index.</summary>
    public int Seed { get; init; }

    /// <summary>Most questions asked in this run; answers found in the ledger cost nothing.</summary>
    public long? MaxRequests { get; init; }

    /// <summary>No question is asked once this many tokens, of prompts and answers, were counted in this run.</summary>
    public long? MaxTotalTokens { get; init; }

    /// <exception cref="UserInputException">A value is out of range.</exception>
    public void Validate()
    {
        if (PerPrompt is < 1 or > MaxPerPrompt)
        {
            throw new UserInputException($"{PerPrompt} answers to a prompt are asked for.", $"Ask for 1 to {MaxPerPrompt}.", "count");
        }

        if (MaxRequests < 1 || MaxTotalTokens < 1)
        {
            throw new UserInputException("The budget allows nothing.", "Give at least 1, or leave it out for no limit.", "budget");
        }
    }
}
