using Microsoft.Extensions.Localization;
using Workbench.Web.Languages;

namespace Workbench.Web.Services.Watching;

/// <summary>What each metric means, in a sentence, and whether what one sees is normal.</summary>
public static class MetricGuide
{
    private static readonly (string Name, string Meaning, string Normal)[] Entries =
    [
        ("loss", "How surprised the model is by the tokens that it should write, in nats a token.",
            "It falls fast, then slowly, with noise from batch to batch. A step down at each new epoch means rows are remembered; for preferences it starts at 0.69 (ln 2)."),
        ("mean_token_accuracy", "Share of the trained tokens that the model would have chosen itself.",
            "It rises while the loss falls; 0.6 to 0.8 is usual for chats. Near 1.0 the rows are known by heart."),
        ("entropy", "How undecided the model is about the next token, in nats.",
            "It falls a little as the model grows sure. A fall towards 0 means it says the same whatever it is asked."),
        ("grad_norm", "Length of the gradient before it is clipped.",
            "It wobbles around a level after warm-up. Rare peaks are clipped and harmless; a steady climb comes before divergence: lower the learning rate."),
        ("learning_rate", "Size of the optimizer's step.", "It follows the schedule: up during warm-up, then down as lr_scheduler_type says."),
        ("num_tokens", "Tokens seen so far.", "It grows evenly; with rows of uneven length the slope wavers."),
        ("tokens_per_second", "Speed of training.", "It is steady after the first steps. A drop for good means that something else wants the machine."),
        ("mfu", "Share of what the machine's matrix units could do at best.", "0.3 to 0.6 is good on a GPU; on a CPU up to 1. Short rows and small models stay far below."),
        ("peak_memory_bytes", "Most memory that the worker held so far.", "It rises to the longest batch and stays there."),
        ("rewards/", "How much more probable an answer has become than under the reference, times beta.",
            "chosen should rise or fall less than rejected. That both fall is common; that chosen falls much means likelihood is lost: raise beta, or lower the learning rate."),
        ("rewards/accuracies", "Share of pairs in which the better answer is preferred.", "It starts near 0.5 and rises to 0.7 and more. 1.0 at once means the pairs are too easy, or leak."),
        ("rewards/margins", "Distance between the rewards of the better and the worse answer.", "It grows slowly. A collapse towards 0 after it had grown means that the preference is being unlearnt."),
        ("logps/", "Log-probability of the whole answers.", "Those of rejected answers fall. When those of chosen ones fall as fast, the model forgets how to write them."),
        ("logits/", "Mean logit of the answers' tokens.", "A drift is normal; only a jump is worth a look."),
        ("nll_loss", "The likelihood part of the loss.", "It behaves as the loss of SFT does."),
        ("log_odds", "Log of the odds between better and worse answer (ORPO).", "It rises above 0 as the better answer wins."),
        ("kl", "How far the model has moved away from the reference.", "It grows from 0 and levels off. A steep climb means that the reward is being gamed."),
        ("reward", "Mean of what the answers of the step earned: the weighted sum of all rewards.",
            "It wavers much from step to step and rises over many; smooth the curve. One that stays level from the beginning means that no answer to a prompt is better than the others."),
        ("reward_std", "How far apart the rewards of the answers to one prompt are, on average.", "Above 0: differences are all that is learnt from. It falls as the answers grow alike."),
        ("frac_reward_zero_std", "Share of prompts whose answers all earned the same, and teach nothing.",
            "Below 0.5 at first. Near 1.0 the prompts are too easy or too hard: choose others, or raise num_generations or the temperature."),
        ("rewards/*/mean", "Mean score of this reward, before its weight.", "It rises with the whole. One that rises while another falls is being gamed: look at the answers, or change the weights."),
        ("rewards/*/std", "How far apart the scores of this reward are over the answers of the step.", "0 means that it tells no answer from another, and teaches nothing."),
        ("clip_ratio/", "Share of tokens whose probability has left the range of epsilon since they were sampled, and which no longer teach.",
            "0 in the first step of a sampling, some hundredths later. Above 0.2 the steps are too large or too many: lower learning_rate or num_iterations."),
        ("completions/", "The answers that the model sampled: their length, and how many were cut.", "When most are clipped, max_completion_length is too small, or the model does not learn to stop."),
    ];

    /// <summary>Meaning and "is this normal?", by name; a name that ends in / is for all that begin with it, and * stands for a reward's name.</summary>
    public static IReadOnlyDictionary<string, string> In(IStringLocalizer<Words> words) =>
        Entries.ToDictionary(entry => entry.Name, entry => $"{words[entry.Meaning]}\n{words["Is this normal?"]} {words[entry.Normal]}");
}
