namespace Workbench.Web.Services.Candidates;

/// <summary>Answers being asked for and judged.</summary>
/// <param name="DatasetId">The dataset whose rows are asked.</param>
/// <param name="Request">What was asked.</param>
/// <param name="Total">Prompts.</param>
/// <param name="Begun">When.</param>
public sealed record CandidateJob(string DatasetId, CandidateRequest Request, int Total, DateTimeOffset Begun)
{
    private const int KeptProblems = 100;

    private readonly List<(int Row, string Reason)> problems = [];
    private int done;
    private int refused;

    internal CancellationTokenSource Stop { get; } = new();

    /// <summary>Prompts answered and judged, or refused.</summary>
    public int Done => Volatile.Read(ref done);

    /// <summary>Prompts without answers or scores.</summary>
    public int Refused => Volatile.Read(ref refused);

    /// <summary>The first of them, with the reason.</summary>
    public IReadOnlyList<(int Row, string Reason)> Problems
    {
        get
        {
            lock (problems)
            {
                return [.. problems];
            }
        }
    }

    /// <summary>Whether the budget ended it.</summary>
    public bool BudgetSpent { get; internal set; }

    /// <summary>Why it failed; null where it did not.</summary>
    public Exception? Failure { get; internal set; }

    /// <summary>Whether it is over.</summary>
    public bool Ended { get; internal set; }

    /// <summary>The time that the rest will take, as the prompts so far took it; null before the first.</summary>
    public TimeSpan? Left(DateTimeOffset now) => Done == 0 || Ended ? null : (now - Begun) / Done * (Total - Done);

    internal void Count() => Interlocked.Increment(ref done);

    internal void Refuse(int row, string reason)
    {
        Interlocked.Increment(ref refused);
        lock (problems)
        {
            if (problems.Count < KeptProblems)
            {
                problems.Add((row, reason));
            }
        }
    }
}
