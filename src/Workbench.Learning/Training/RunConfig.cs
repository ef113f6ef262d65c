using System.Text.Json;
using System.Text.Json.Serialization;

namespace Workbench.Learning.Training;

/// <summary>
/// Everything that decides a training run. Names and defaults in JSON are those of transformers' TrainingArguments, TRL's
/// SFTConfig and ModelConfig (in snake_case); those with another default here say why.
/// </summary>
public sealed record RunConfig
{
    // What is trained on what.

    /// <summary>
    /// <c>sft</c>: supervised fine-tuning on conversations, on prompt and completion, or on plain text; <c>dpo</c>, <c>cpo</c>
    /// (SimPO among its losses) and <c>orpo</c>: pairs of a better and a worse answer; <c>kto</c>: answers judged one by one; <c>grpo</c>: the model's own answers, judged by rewards.
    /// </summary>
    public string Method { get; init; } = "sft";

    /// <summary>Folder in Hugging Face's layout.</summary>
    public string ModelNameOrPath { get; init; } = "";

    /// <summary>A JSON lines file: <c>messages</c>, <c>prompt</c>/<c>completion</c>, <c>text</c>, or <c>input_ids</c>/<c>labels</c>.</summary>
    public string Dataset { get; init; } = "";

    /// <summary>A file of the same kind that is only evaluated.</summary>
    public string? EvalDataset { get; init; }

    /// <summary>The run folder.</summary>
    public string OutputDir { get; init; } = "trainer_output";

    /// <summary>A name for people; means nothing to the training.</summary>
    public string? RunName { get; init; }

    // How text becomes tokens and labels.

    /// <summary>Longest row in tokens; what is longer is cut at its end and reported (a prompt of grpo never is). Never more than the model's context.</summary>
    public int MaxLength { get; init; } = 1024;

    /// <summary>Train on the assistant's turns only; otherwise on every token of a conversation.</summary>
    public bool AssistantOnlyLoss { get; init; }

    /// <summary>Train on the last turn of the assistant only: for conversations whose earlier answers are context. TRL has no name for it.</summary>
    public bool LastTurnOnlyLoss { get; init; }

    /// <summary>Train on completions only (prompt/completion rows); null means yes, as in TRL.</summary>
    public bool? CompletionOnlyLoss { get; init; }

    /// <summary>File with the chat template; null means the model's own.</summary>
    public string? ChatTemplatePath { get; init; }

    /// <summary>The chat template's text itself, in place of <see cref="ChatTemplatePath"/>.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Trains rows in a new random order each epoch; otherwise in the order of the file.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>
    /// Fills rows of max_length tokens with several sequences each, by best-fit decreasing, without letting them see each other; batch
    /// sizes then count such rows. Implies <see cref="PaddingFree"/>.
    /// </summary>
    public bool Packing { get; init; }

    /// <summary>Sets the rows of a batch one behind another in place of padding them.</summary>
    public bool PaddingFree { get; init; }

    // How long, in which portions.

    /// <summary>Passes over the dataset; parts of one allowed.</summary>
    public double NumTrainEpochs { get; init; } = 3.0;

    /// <summary>Number of optimizer steps; above 0 it overrides <see cref="NumTrainEpochs"/>.</summary>
    public int MaxSteps { get; init; } = -1;

    public int PerDeviceTrainBatchSize { get; init; } = 8;

    public int PerDeviceEvalBatchSize { get; init; } = 8;

    public int GradientAccumulationSteps { get; init; } = 1;

    // The optimizer.

    public double LearningRate { get; init; } = 2e-5;

    /// <summary><c>linear</c>, <c>cosine</c>, <c>constant</c>, <c>constant_with_warmup</c> or <c>warmup_stable_decay</c>.</summary>
    public string LrSchedulerType { get; init; } = "linear";

    /// <summary>For <c>warmup_stable_decay</c>: <c>num_decay_steps</c>, <c>decay_type</c>, <c>min_lr_ratio</c>.</summary>
    public IReadOnlyDictionary<string, JsonElement>? LrSchedulerKwargs { get; init; }

    /// <summary>Share of all steps during which the rate rises; ignored where <see cref="WarmupSteps"/> is above 0.</summary>
    public double WarmupRatio { get; init; }

    public int WarmupSteps { get; init; }

    /// <summary><c>adamw_torch</c> (and <c>adamw_torch_fused</c>, the same here), <c>adamw_8bit</c> or <c>adafactor</c>.</summary>
    public string Optim { get; init; } = "adamw_torch";

    public double WeightDecay { get; init; }

    public double AdamBeta1 { get; init; } = 0.9;

    public double AdamBeta2 { get; init; } = 0.999;

    public double AdamEpsilon { get; init; } = 1e-8;

    /// <summary>Gradients are scaled down to this norm; 0 leaves them as they are.</summary>
    public double MaxGradNorm { get; init; } = 1.0;

    public double LabelSmoothingFactor { get; init; }

    public double? NeftuneNoiseAlpha { get; init; }

    // Preferences (TRL's DPOConfig, CPOConfig, ORPOConfig, KTOConfig).

    /// <summary>How strongly the policy is held to the reference; for orpo the weight of the odds; for grpo of the divergence (0 needs no reference, and is its default).</summary>
    public double Beta { get; init; } = 0.1;

    /// <summary>
    /// For dpo sigmoid, hinge, ipo, robust, apo_zero or sppo_hard; for cpo sigmoid, hinge, ipo or simpo. Null means sigmoid, and for
    /// kto and orpo their own.
    /// </summary>
    public string? LossType { get; init; }

    /// <summary>Share of pairs that are presumably labelled the wrong way round (sigmoid, robust and simpo).</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>SimPO's target margin.</summary>
    public double SimpoGamma { get; init; } = 0.5;

    /// <summary>Weight of the likelihood of the chosen answers beside the contrastive loss of cpo; 0 for pure SimPO.</summary>
    public double CpoAlpha { get; init; } = 1.0;

    /// <summary>Weight of good answers (kto).</summary>
    public double DesirableWeight { get; init; } = 1.0;

    /// <summary>Weight of bad answers (kto).</summary>
    public double UndesirableWeight { get; init; } = 1.0;

    /// <summary>
    /// Folder of the reference model (dpo and kto); null means the model that the run begins with, with an adapter that model without it.
    /// </summary>
    public string? RefModel { get; init; }

    /// <summary>Compares with a reference that finds everything equally probable (dpo).</summary>
    public bool ReferenceFree { get; init; }

    /// <summary>
    /// Asks the reference once, before the first step, and lets it go: the memory of one model instead of two (dpo). The answers stay in
    /// the run folder: a resumed run does not ask again.
    /// </summary>
    public bool PrecomputeRefLogProbs { get; init; }

    // Reinforcement learning (TRL's GRPOConfig). Batch sizes count answers.

    /// <summary>What judges the answers (grpo): <c>numeric</c>, <c>exact</c>, <c>regex</c>, <c>length</c>, <c>format</c>, <c>json_schema</c>, <c>ifeval</c>, <c>unit_tests</c>.</summary>
    [JsonConverter(typeof(StringListConverter))]
    public IReadOnlyList<string>? RewardFuncs { get; init; }

    /// <summary>For each of <see cref="RewardFuncs"/> its parameters, <c>weight</c> among them. TRL has functions of Python in their place.</summary>
    public IReadOnlyDictionary<string, JsonElement>? RewardKwargs { get; init; }

    /// <summary>Answers to each prompt.</summary>
    public int NumGenerations { get; init; } = 8;

    /// <summary>Longest answer in tokens.</summary>
    public int MaxCompletionLength { get; init; } = 256;

    /// <summary>Optimizer steps for each sampling (grpo; μ of the paper). From the second on the policy is no longer the one that sampled.</summary>
    public int NumIterations { get; init; } = 1;

    /// <summary>How far the ratio of the policy to the one that sampled may go from 1 before it is clipped: below, and above unless <see cref="EpsilonHigh"/> says.</summary>
    public double Epsilon { get; init; } = 0.2;

    /// <summary>The same above 1 (DAPO proposes 0.28); null means <see cref="Epsilon"/>.</summary>
    public double? EpsilonHigh { get; init; }

    /// <summary>Divides advantages by the deviation of their group.</summary>
    public bool ScaleRewards { get; init; } = true;

    /// <summary>Of sampling, and of the log-probabilities that are trained.</summary>
    public double Temperature { get; init; } = 1.0;

    public double TopP { get; init; } = 1.0;

    /// <summary>0 keeps all.</summary>
    public int TopK { get; init; }

    /// <summary>
    /// Keeps a few prompts of each logged step with their answers and rewards in <c>completions.jsonl</c>. On by default, unlike in TRL,
    /// which prints them: rewards that rise for the wrong reason are seen nowhere else.
    /// </summary>
    public bool LogCompletions { get; init; } = true;

    // Randomness and the machine.

    public int Seed { get; init; } = 42;

    /// <summary>Seed of the row order; null means <see cref="Seed"/>.</summary>
    public int? DataSeed { get; init; }

    /// <summary><c>auto</c> (CUDA where there is one), <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Off by default, unlike in TRL: matrix products of bfloat16 factors over float32 master weights.</summary>
    public bool Bf16 { get; init; }

    public bool Fp16 { get; init; }

    /// <summary>Off by default, unlike in TRL; it changes memory and time, and of the numbers at most the last digit.</summary>
    public bool GradientCheckpointing { get; init; }

    // What is written when. Below 1, a number of steps is a share of all steps, as in transformers.

    public double LoggingSteps { get; init; } = 10;

    public bool LoggingFirstStep { get; init; }

    /// <summary><c>no</c>, <c>steps</c> or <c>epoch</c>; null means <c>steps</c> where there is an <see cref="EvalDataset"/>.</summary>
    public string? EvalStrategy { get; init; }

    /// <summary>Null means <see cref="LoggingSteps"/>.</summary>
    public double? EvalSteps { get; init; }

    /// <summary>
    /// Rows of the <see cref="EvalDataset"/> that are answered at every evaluation, and kept with the rows that go worst in
    /// <c>samples.jsonl</c>; 0 for none. An option of this project; TRL has its LogCompletionsCallback.
    /// </summary>
    public int EvalSamples { get; init; }

    /// <summary><c>no</c>, <c>steps</c> or <c>epoch</c>.</summary>
    public string SaveStrategy { get; init; } = "steps";

    public double SaveSteps { get; init; } = 500;

    /// <summary>Older checkpoints beyond this number are deleted; null keeps all.</summary>
    public int? SaveTotalLimit { get; init; }

    /// <summary>Checkpoints without the optimizer's state: smaller, but no run can go on from them.</summary>
    public bool SaveOnlyModel { get; init; }

    /// <summary>
    /// Makes the best model of all evaluations the final one. Each model that is the best so far is saved when it is found, whatever
    /// <see cref="SaveSteps"/> says.
    /// </summary>
    public bool LoadBestModelAtEnd { get; init; }

    /// <summary>A metric of the evaluation, with or without <c>eval_</c>; null means <c>loss</c>.</summary>
    public string? MetricForBestModel { get; init; }

    /// <summary>Null means no for names that end in <c>loss</c>, yes for others.</summary>
    public bool? GreaterIsBetter { get; init; }

    /// <summary>Ends the run after so many evaluations in a row that were not better; null never does.</summary>
    public int? EarlyStoppingPatience { get; init; }

    /// <summary>By how much an evaluation must be better to count as better for <see cref="EarlyStoppingPatience"/>.</summary>
    public double EarlyStoppingThreshold { get; init; }

    // Adapters.

    /// <summary>Freezes the model and trains a low-rank adapter (LoRA) in its place.</summary>
    public bool UsePeft { get; init; }

    /// <summary>Folder of an adapter to go on with, whose own configuration then holds; null for a fresh one.</summary>
    public string? AdapterNameOrPath { get; init; }

    /// <summary>Rank of the adapter.</summary>
    public int LoraR { get; init; } = 16;

    /// <summary>The update is scaled by alpha / r.</summary>
    public int LoraAlpha { get; init; } = 32;

    /// <summary>Of the adapter's inputs, with sft; the preference methods train without, as TRL's <c>disable_dropout</c> has it.</summary>
    public double LoraDropout { get; init; } = 0.05;

    /// <summary>
    /// Names of modules, a regular expression over their whole names, or <c>all-linear</c>; null means q_proj and v_proj, as in PEFT.
    /// </summary>
    [JsonConverter(typeof(StringListConverter))]
    public IReadOnlyList<string>? LoraTargetModules { get; init; }

    /// <summary>Trained as a whole beside the adapter: <c>embed_tokens</c>, <c>lm_head</c>.</summary>
    [JsonConverter(typeof(StringListConverter))]
    public IReadOnlyList<string>? LoraModulesToSave { get; init; }

    /// <summary>Scales by alpha / sqrt(r).</summary>
    public bool UseRslora { get; init; }

    internal static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Rows that one optimizer step takes; with grpo the prompts of its answers.</summary>
    [JsonIgnore]
    public int RowsPerStep => PerDeviceTrainBatchSize * GradientAccumulationSteps / (Method == "grpo" ? NumGenerations : 1);

    [JsonIgnore]
    internal string EffectiveLossType => LossType ?? (Method == "grpo" ? "dapo" : "sigmoid");

    /// <summary>True where the labels are the next tokens: sft and pretrain.</summary>
    [JsonIgnore]
    public bool PredictsNextToken => Method is "sft" or "pretrain";

    /// <summary>True where <see cref="EvalDataset"/> is to be evaluated during the run.</summary>
    [JsonIgnore]
    public bool Evaluates => EvalDataset is not null && EvalStrategy != "no";

    /// <summary>Reads a configuration and checks all of it.</summary>
    /// <exception cref="RunConfigException">With every problem found, not only the first.</exception>
    public static RunConfig Parse(string json) => RunConfigReader.Read(json);

    /// <summary>The whole configuration with every default, in a form that <see cref="Parse"/> reads back as it is.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Everything that is wrong with the values; empty where a run may start.</summary>
    public IReadOnlyList<RunConfigProblem> Validate() => RunConfigRules.Check(this);
}
