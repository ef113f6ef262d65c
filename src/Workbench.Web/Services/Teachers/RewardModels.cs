using System.Text.Json;
using Workbench.Data.Filters;
using Workbench.Data.Rewards;
using Workbench.Data.Rewards.Models;
using Workbench.Learning.Evaluation;
using Workbench.Learning.Generation;
using Workbench.Learning.Models;
using Workbench.Web.Services.Chat;

namespace Workbench.Web.Services.Teachers;

/// <summary>
/// Judges and reward models that one run of candidates asks. A judge's replies are kept in the ledger as a teacher's answers are: the same question is
/// asked once, in a later run too.
/// </summary>
/// <param name="resolve">The weights of a model's name.</param>
/// <param name="ledger">Where replies are kept; null for nowhere.</param>
/// <param name="clock">Time for templates that write it, and for waiting.</param>
/// <param name="cancellationToken">Ends what is being asked.</param>
public sealed class RewardModels(Func<string, ChatWeights> resolve, AnswerLedger? ledger, TimeProvider clock, CancellationToken cancellationToken) : IRewardModels, IDisposable
{
    /// <summary>Environment variable with the key of endpoints that judge. Keys are in no recipe: those are kept.</summary>
    public const string KeyVariable = "WORKBENCH_JUDGE_API_KEY";

    private readonly FolderRewardModels scorers = new();
    private readonly List<IDisposable> owned = [];

    /// <inheritdoc/>
    public Func<string, string> Judge(JudgeModel judge)
    {
        ITeacher teacher = judge.Endpoint is { } address ? AtEndpoint(judge, address) : Local(judge);
        return question => Ask(teacher, new Question(JsonSerializer.SerializeToElement(new[] { new { role = "user", content = question } }), null, 0));
    }

    /// <inheritdoc/>
    public Func<RewardInput, double> Scorer(string folder) => scorers.Scorer(folder);

    /// <summary>Frees the models.</summary>
    public void Dispose()
    {
        owned.ForEach(model => model.Dispose());
        scorers.Dispose();
    }

    private EndpointTeacher AtEndpoint(JudgeModel judge, Uri address)
    {
        var key = Environment.GetEnvironmentVariable(KeyVariable);
        var teacher = new EndpointTeacher(
            new EndpointOptions { Url = address, Model = judge.Model, MaxTokens = judge.MaxTokens, ApiKey = string.IsNullOrWhiteSpace(key) ? null : key }, clock);
        owned.Add(teacher);
        return teacher;
    }

    private LocalTeacher Local(JudgeModel judge)
    {
        var weights = resolve(judge.Model);
        try
        {
            var generator = Generator.Load(weights.BasePath ?? weights.Path, weights.BasePath is null ? null : weights.Path);
            owned.Add(generator);
            return new LocalTeacher(generator, LocalWeights.IdentityOf(weights.Path, weights.BasePath), new SamplingOptions { MaxTokens = judge.MaxTokens }, clock);
        }
        catch (ModelException exception)
        {
            throw new RewardException($"judge: {exception.Message}", exception);
        }
    }

    /// <summary>Waits for the reply: rewards are asked on threads of their own.</summary>
    private string Ask(ITeacher teacher, Question question)
    {
        try
        {
            var key = AnswerLedger.KeyOf(teacher, question);
            var answer = ledger?.Find(key);
            if (answer is null)
            {
                answer = teacher.AnswerAsync(question, cancellationToken).GetAwaiter().GetResult();
                ledger?.Add(key, answer);
            }

            return RowTurn.Content(answer.Message);
        }
        catch (RefusedQuestionException exception)
        {
            throw new RewardException($"judge: {exception.Message}", exception);
        }
    }
}
