using System.Runtime.CompilerServices;
using Workbench.Data.Filters;
using Workbench.Data.Formats;

namespace Workbench.Web.Services.Teachers;

/// <summary>A row with its answers, or why it has none.</summary>
/// <param name="Number">The row's number.</param>
/// <param name="Question">What was asked; null where the row asks nothing.</param>
/// <param name="Answers">In the order of their seeds; empty where there is a problem.</param>
/// <param name="Problem">Why there are none.</param>
public sealed record AnsweredRow(int Number, RowQuestion? Question, IReadOnlyList<TeacherAnswer> Answers, string? Problem);

/// <summary>Asks a teacher the prompts of rows: so many at a time, within a budget, each answer kept in the ledger before it counts.</summary>
public sealed class AnswerRun(ITeacher teacher, AnswerLedger ledger, AnswerPlan plan)
{
    private readonly Lock budget = new();
    private long requests;
    private long tokens;
    private long resumed;

    /// <summary>Questions asked in this run.</summary>
    public long Requests => Interlocked.Read(ref requests);

    /// <summary>Tokens of prompts and answers in this run, as the teacher counts.</summary>
    public long Tokens => Interlocked.Read(ref tokens);

    /// <summary>Answers that the ledger had already.</summary>
    public long Resumed => Interlocked.Read(ref resumed);

    /// <summary>Whether the run ended because its budget was spent.</summary>
    public bool BudgetSpent { get; private set; }

    /// <summary>Rows with their answers, in the order of the rows. Where the budget ends, the last one says so and no more come.</summary>
    /// <exception cref="UserInputException">The teacher can answer nothing, or the ledger's disk is full.</exception>
    public async IAsyncEnumerable<AnsweredRow> AnswerAsync(IEnumerable<RowItem> rows, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        plan.Validate();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var places = new SemaphoreSlim(teacher.Concurrency);
        var waiting = new Queue<Task<AnsweredRow>>();
        try
        {
            foreach (var row in rows)
            {
                waiting.Enqueue(RowAsync(row, places, stop.Token));

                // A window of rows, so that one slow answer does not leave the teacher idle.
                while (waiting.Count >= 4 * teacher.Concurrency || (waiting.TryPeek(out var first) && first.IsCompleted))
                {
                    var answered = await waiting.Dequeue();
                    yield return answered;
                    if (BudgetSpent && answered.Problem is not null)
                    {
                        yield break;
                    }
                }
            }

            while (waiting.TryDequeue(out var next))
            {
                var answered = await next;
                yield return answered;
                if (BudgetSpent && answered.Problem is not null)
                {
                    yield break;
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)Task.WhenAll(waiting)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // they hold the semaphore
        }
    }

    private async Task<AnsweredRow> RowAsync(RowItem item, SemaphoreSlim places, CancellationToken cancellationToken)
    {
        RowQuestion? question = null;
        try
        {
            question = new RowQuestion(item.Row, plan.System);
            var answers = await Task.WhenAll(Enumerable.Range(0, plan.PerPrompt).Select(i => AnswerAsync(question.Ask(plan.Seed, i), places, cancellationToken)));
            return answers.Contains(null)
                ? new AnsweredRow(item.Number, question, [], "the budget is spent: this row and those after it have no answer; run again, the answers so far are kept in the ledger")
                : new AnsweredRow(item.Number, question, answers!, null);
        }
        catch (Exception exception) when (exception is RowFormatException or RefusedQuestionException)
        {
            return new AnsweredRow(item.Number, question, [], exception.Message);
        }
    }

    /// <returns>Null where the budget is spent.</returns>
    private async Task<TeacherAnswer?> AnswerAsync(Question question, SemaphoreSlim places, CancellationToken cancellationToken)
    {
        var key = AnswerLedger.KeyOf(teacher, question);
        if (ledger.Find(key) is { } kept)
        {
            Interlocked.Increment(ref resumed);
            return kept;
        }

        await places.WaitAsync(cancellationToken);
        try
        {
            if (!TryPay())
            {
                return null;
            }

            var answer = await teacher.AnswerAsync(question, cancellationToken);
            Interlocked.Add(ref tokens, answer.PromptTokens + answer.CompletionTokens);
            ledger.Add(key, answer);
            return answer;
        }
        finally
        {
            places.Release();
        }
    }

    private bool TryPay()
    {
        lock (budget)
        {
            BudgetSpent = BudgetSpent || Tokens >= (plan.MaxTotalTokens ?? long.MaxValue) || requests >= (plan.MaxRequests ?? long.MaxValue);
            requests += BudgetSpent ? 0 : 1;
            return !BudgetSpent;
        }
    }
}
