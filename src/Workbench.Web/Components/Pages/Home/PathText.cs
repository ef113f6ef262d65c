using Workbench.Web.Starter.Guide;

namespace Workbench.Web.Components.Pages.Home;

/// <summary>What the guided path says at a station.</summary>
/// <param name="Title">What is done there.</param>
/// <param name="Before">What to look at.</param>
/// <param name="Action">What the button says.</param>
/// <param name="Happened">What just happened, once it is passed.</param>
/// <param name="Why">Why that matters.</param>
public sealed record PathText(string Title, string Before, string Action, string Happened, string Why)
{
    /// <summary>The texts of a station.</summary>
    public static PathText Of(PathStepKind kind) => kind switch
    {
        PathStepKind.Template => new(
            "See what the model reads",
            "A chat template turns messages into the one text that a model goes on with. Look at the rendered prompt, switch to tokens, then to the mask: what is underlined will be learnt.",
            "Open the template",
            "You saw a conversation become one text: a mark before each turn, one at its end, and only the assistant's turns underlined.",
            "A model asked through another template than it was trained with answers badly. Most fine-tunings that fail, fail here and not in the training."),
        PathStepKind.Data => new(
            "Look at the examples",
            "2,184 short conversations in English and Chinese about a made-up world: who lives where, two-digit sums, tiny stories, and who the assistant is. Read some: this is all that it will learn from.",
            "Open the data",
            "You saw the rows that the model will imitate. What none of them shows, it will not learn.",
            "Twenty minutes of reading rows save more than any setting: wrong answers, cut texts and odd formats are learnt as faithfully as good ones."),
        PathStepKind.Sft => new(
            "Teach it to answer (SFT)",
            "Supervised fine-tuning makes the assistant's turns of these rows likely. Everything is filled in; start the run and watch the loss fall. It takes about a minute on two cores.",
            "Open the run, filled in",
            "Four passes over the rows moved every weight a little, so that the assistant's turns became the likely continuation.",
            "The base model could only go on with a text. The held-out questions below are in no row: what rises there was learnt, not memorised."),
        PathStepKind.Dpo => new(
            "Change what it prefers (DPO)",
            "128 pairs of a better and a worse answer to “who are you?”. Direct preference optimization makes the better one more likely than the worse, held to the model that you just trained.",
            "Open the run, filled in",
            "The model now prefers another name for itself, and answers the rest as before.",
            "SFT shows what to say; preferences say which of two answers is better. That is how tone, refusals and identity are set without spoiling what is known."),
        _ => new(
            "Compare before and after",
            "Ask base and result the same question, with the template and without it, side by side. Try “Who are you?” and a sum such as “What is 23 + 45?”.",
            "Open the comparison",
            "You asked both models the same. Without the template even the trained one goes astray.",
            "A table says how much; reading answers says what. Judge a model by both before you trust it."),
    };
}
