namespace Workbench.Web.Services.Launch;

/// <summary>What there is to learn from.</summary>
public enum AdviceData
{
    None,
    Texts,
    Conversations,
    Preferences,

    /// <summary>Questions whose answers a program can judge: sums, code with tests, a format.</summary>
    Checkable,
}

/// <summary>What the model is for.</summary>
public enum AdviceGoal
{
    /// <summary>Another tone, style or identity.</summary>
    Style,

    /// <summary>A task that can be shown by examples.</summary>
    Task,

    /// <summary>A field whose language the model does not know.</summary>
    Domain,

    /// <summary>Answers that people like better.</summary>
    Quality,
}

/// <summary>The six answers.</summary>
/// <param name="Data">Kind of data.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Parameters">Parameters of the model, in millions.</param>
/// <param name="MemoryGigabytes">Memory of the GPU, or of the machine without one.</param>
/// <param name="Goal">What it is for.</param>
/// <param name="FreshFacts">Whether answers need facts that change or that only documents hold.</param>
/// <param name="StrictFormat">Whether answers must have a strict form.</param>
public sealed record AdviceAnswers(
    AdviceData Data = AdviceData.Conversations, int Rows = 1000, double Parameters = 500, double MemoryGigabytes = 16,
    AdviceGoal Goal = AdviceGoal.Task, bool FreshFacts = false, bool StrictFormat = false);

/// <summary>A recommendation.</summary>
/// <param name="Title">What to do.</param>
/// <param name="Reason">Why, given the answers.</param>
/// <param name="Cost">What it costs in data, time and memory.</param>
/// <param name="Method">The method to choose in the wizard; null where no training is the advice.</param>
/// <param name="UsePeft">Whether an adapter is trained.</param>
public sealed record Advice(string Title, string Reason, string Cost, string? Method = null, bool UsePeft = false);

/// <summary>
/// Which training is needed: the order in which practitioners try (OpenAI's and Hugging Face's guides agree on it): prompt first, retrieval
/// for facts, then supervised fine-tuning, then preferences; adapters where memory is short.
/// </summary>
public static class TrainingAdvice
{
    /// <summary>Below so many examples, a prompt that holds some of them does as well (LIMA, Zhou et al. 2023, needed 1,000 for style).</summary>
    private const int FewRows = 50;

    /// <summary>Tokens of new language that continued pretraining takes come to thousands of texts at least.</summary>
    private const int ManyTexts = 5000;

    /// <summary>Bytes a parameter for weights, gradients and AdamW's two moments in float32.</summary>
    private const double FullBytes = 16;

    /// <summary>Recommendations, the first to try first.</summary>
    public static IReadOnlyList<Advice> For(AdviceAnswers answers)
    {
        var advice = new List<Advice>();
        if (answers.FreshFacts)
        {
            advice.Add(new(
                "Retrieval (RAG)", "Facts that change belong into the prompt: training would freeze them, and a model recites what it was tuned on unreliably.",
                "No training. A search index over your documents, and longer prompts."));
        }

        if (answers.Data == AdviceData.None || answers.Rows < FewRows)
        {
            advice.Add(new(
                "A better prompt", "With fewer than 50 examples, show the best of them in the prompt: it is tried in minutes, and tells what training would have to add.",
                "No training. An hour of writing; every answer pays for the longer prompt."));
            return advice;
        }

        var adapter = NeedsAdapter(answers);
        switch (answers.Data)
        {
            case AdviceData.Texts when answers.Goal == AdviceGoal.Domain && answers.Rows >= ManyTexts:
                advice.Add(Training("Continued pretraining", "Many plain texts of a field teach its words and habits; answering comes afterwards, with SFT.",
                    "Hours to days: every token of every text is trained. Mix in general texts, or the model forgets.", "pretrain", adapter: false));
                break;
            case AdviceData.Texts:
                advice.Add(new("Conversations first", "Plain texts teach to go on with texts, not to answer. Turn them into questions and answers, then fine-tune.",
                    "Days of writing or generating rows, which is where the quality comes from."));
                break;
            case AdviceData.Preferences when answers.Goal is AdviceGoal.Quality or AdviceGoal.Style:
                advice.Add(Training("SFT, then DPO", "Pairs say which of two answers is better; they work on a model that already answers in the wanted form.",
                    "Twice the run, and a second copy of the model in memory for the reference (none with an adapter).", "dpo", adapter));
                break;
            case AdviceData.Preferences:
                advice.Add(Training("SFT on the chosen answers", "For a task, imitating the better answers comes first; preferences refine afterwards.",
                    "One run over the rows, minutes to hours.", "sft", adapter));
                break;
            case AdviceData.Checkable:
                advice.Add(Training("Reinforcement with rewards (GRPO)",
                    "What a program can check need not be shown: the model answers several times, and what earns more becomes more probable. It must be right now and then already; where it never is, fine-tune on examples first.",
                    "Several answers to each question at every step: many times the run of SFT over as many rows.", "grpo", adapter));
                break;
            default:
                advice.Add(Training("Supervised fine-tuning (SFT)", answers.StrictFormat
                        ? "A strict form is learnt well from examples that all keep it; check it with held-out rows."
                        : "Conversations that show the wanted answer teach it directly.",
                    "One run over the rows, minutes to hours. 200 good rows show an effect, 1,000 carry a style.", "sft", adapter));
                break;
        }

        if (answers is { StrictFormat: true, Data: AdviceData.Conversations or AdviceData.Checkable })
        {
            advice.Add(new("Constrained output", "Where a program reads the answer, a grammar or schema at generation guarantees the form; training only makes it likely.",
                "No training; a little speed at generation."));
        }

        return advice;
    }

    private static Advice Training(string title, string reason, string cost, string method, bool adapter) => new(title, reason, cost, method, adapter);

    /// <summary>Whether weights, gradients and moments of the whole model fill the memory, so that an adapter (LoRA) is advised.</summary>
    public static bool NeedsAdapter(AdviceAnswers answers) => answers.Parameters * 1e6 * FullBytes > 0.8 * answers.MemoryGigabytes * 1e9;
}
