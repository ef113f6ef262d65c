using System.CommandLine;
using System.Text.Json.Nodes;
using Workbench.Data.Formats;
using Workbench.Web.Services.Teachers;

namespace Workbench.Web.Commands.Data;

/// <summary><c>workbench data distil</c> and <c>workbench data candidates</c>: answers of a teacher to the prompts of rows.</summary>
internal static class AnswerOperations
{
    public static Command Distil(VerbIo io) => Create(
        io,
        "distil",
        "A teacher's answer in place of each row's own: rows of messages, prompt and completion, or prompt. The teacher is a local model or an OpenAI-compatible endpoint; "
        + "answers are kept as they come, and a run that ended early goes on where it was.",
        new TeacherOptions(temperature: 0),
        count: null,
        answered => answered.Question!.WithAnswer(answered.Answers[0]));

    public static Command Candidates(VerbIo io) => Create(
        io,
        "candidates",
        "Several answers to each prompt: {\"prompt\",\"candidates\":[{\"completion\",\"finish_reason\"} …]} beside the row's other columns, for score, best-of and pairs.",
        new TeacherOptions(temperature: 1),
        new Option<int>("--count") { Description = $"Answers to each prompt, 1 to {AnswerPlan.MaxPerPrompt}.", HelpName = "K", DefaultValueFactory = _ => 4 },
        answered => answered.Question!.WithCandidates(answered.Answers));

    private static Command Create(VerbIo io, string name, string description, TeacherOptions teacher, Option<int>? count, Func<AnsweredRow, Row> make)
    {
        var options = new DataOptions();
        Option[] more = count is null ? teacher.All : [count, .. teacher.All];
        return options.Command(name, description, Run, more);

        int Run(ParseResult arguments, CancellationToken cancellationToken)
        {
            var run = new DataRun(io, options, arguments, cancellationToken);
            var plan = teacher.Plan(arguments, count is null ? 1 : arguments.GetValue(count));
            plan.Validate();
            using var ledger = teacher.Ledger(arguments, run.Output);
            var (asked, owned) = teacher.Teacher(arguments);
            using var disposed = owned;
            var answers = new AnswerRun(asked, ledger, plan);
            return run.Finish(Rows(), _ => new JsonObject
            {
                ["requests"] = answers.Requests,
                ["tokens"] = answers.Tokens,
                ["resumed"] = answers.Resumed,
                ["budget_spent"] = answers.BudgetSpent,
            });

            IEnumerable<Row> Rows()
            {
                foreach (var answered in answers.AnswerAsync(run.Rows(), cancellationToken).ToBlockingEnumerable(cancellationToken))
                {
                    if (answered.Problem is { } problem)
                    {
                        run.Reject(answered.Number, problem);
                        continue;
                    }

                    yield return make(answered);
                }
            }
        }
    }
}
