using Workbench.Data.Formats;
using Workbench.Web.Services;

namespace Workbench.Web.Components.Pages.Runs;

/// <summary>A method as the form offers it.</summary>
/// <param name="Name">TRL's name.</param>
/// <param name="Title">What it is called among people.</param>
/// <param name="Hint">The rows that it needs, in a line.</param>
/// <param name="Losses">What <c>loss_type</c> may be; none where there is no choice.</param>
public sealed record TrainingMethod(string Name, string Title, string Hint, IReadOnlyList<string> Losses)
{
    /// <summary>Every method, the commonest first.</summary>
    public static IReadOnlyList<TrainingMethod> All { get; } =
    [
        new("sft", "Supervised fine-tuning (SFT)", "Rows of messages, or of prompt and completion.", []),
        new("pretrain", "Continued pretraining", "Rows of text; long ones go on in further rows, and every token is trained.", []),
        new("dpo", "Direct preference optimization (DPO)", "Rows of prompt, chosen and rejected; the model as it was is the reference.",
            ["sigmoid", "hinge", "ipo", "robust", "apo_zero", "sppo_hard"]),
        new("cpo", "Contrastive preference optimization (CPO, SimPO)", "Rows of prompt, chosen and rejected; no reference.",
            ["sigmoid", "simpo", "hinge", "ipo"]),
        new("orpo", "Odds ratio preference optimization (ORPO)", "Rows of prompt, chosen and rejected; no reference.", []),
        new("kto", "Kahneman-Tversky optimization (KTO)", "Rows of prompt, completion and label (true or false).", []),
        new("grpo", "Group relative policy optimization (GRPO)", "Rows of prompt, and the columns that rewards compare with; the model answers by itself.",
            ["dapo", "grpo", "bnpo", "dr_grpo"]),
    ];

    /// <summary>Whether rows of the shape can be trained on.</summary>
    public bool Takes(RowShape shape) => Name switch
    {
        "sft" => shape is not (RowShape.Preference or RowShape.Prompt),
        "pretrain" => shape is not (RowShape.Preference or RowShape.Prompt),
        "grpo" => shape is RowShape.Prompt or RowShape.PromptCompletion or RowShape.Messages,
        "kto" => shape is RowShape.PromptCompletion or RowShape.Tokenized,
        _ => shape == RowShape.Preference,
    };

    /// <exception cref="UserInputException">The form does not offer it.</exception>
    public static TrainingMethod Named(string name) => All.FirstOrDefault(method => method.Name == name) ?? throw new UserInputException(
        $"The form has no fields for the method {name}.", "Start such a run from the command line: ./workbench train config.json.", "method");

    /// <summary>Whether it learns from better and worse answers.</summary>
    public bool LearnsPreferences => Name is not ("sft" or "pretrain");

    /// <summary>Whether the model answers by itself, and rewards judge it: nothing is left to be evaluated beside them.</summary>
    public bool Samples => Name == "grpo";
}
