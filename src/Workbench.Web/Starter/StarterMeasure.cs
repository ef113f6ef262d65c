using System.Text.Json;
using Workbench.Learning.Generation;
using Workbench.Web.Services;

namespace Workbench.Web.Starter;

/// <summary>How many held-out questions of one part a model answers well.</summary>
/// <param name="Name">The part: facts, sums, stories, identity (the taught name) or identity_preferred (the one of the pairs).</param>
/// <param name="Right">Answers that hold every expected word.</param>
/// <param name="Asked">Questions.</param>
public sealed record StarterAccuracy(string Name, int Right, int Asked)
{
    /// <summary>From 0 to 1.</summary>
    public double Share => (double)Right / Asked;
}

/// <summary>Asks a model the world's held-out questions, greedily, through the template that the starter is trained with.</summary>
internal static class StarterMeasure
{
    private static readonly SamplingOptions Greedy = new() { MaxTokens = 96 };

    /// <summary>Accuracy of each part.</summary>
    /// <param name="generator">The model.</param>
    /// <param name="most">Questions of each part at most, evenly from both languages.</param>
    /// <param name="cancellationToken">Ends the measurement between two tokens.</param>
    public static IReadOnlyList<StarterAccuracy> Of(Generator generator, int most, CancellationToken cancellationToken = default)
    {
        var accuracies = new List<StarterAccuracy>();
        foreach (var part in Enum.GetValues<StarterPart>().Where(part => part != StarterPart.Identity))
        {
            var rows = Spread(StarterWorld.HeldOut(part), most);
            accuracies.Add(new(part.ToString().ToLowerInvariant(), rows.Count(row => IsRight(Answer(generator, row.Request, cancellationToken), row.Expect)), rows.Count));
        }

        var taught = Spread(StarterWorld.HeldOut(StarterPart.Identity), most);
        var preferred = Spread([.. StarterIdentity.HeldOut(StarterIdentity.Preferred)], most);
        var answers = taught.Select(row => Answer(generator, row.Request, cancellationToken)).ToArray();
        accuracies.Add(new("identity", answers.Where((answer, i) => IsRight(answer, taught[i].Expect)).Count(), taught.Count));
        accuracies.Add(new("identity_preferred", answers.Where((answer, i) => IsRight(answer, preferred[i].Expect)).Count(), preferred.Count));
        return accuracies;
    }

    /// <summary>Whether the answer holds every expected word; a number counts only where no further digit follows.</summary>
    public static bool IsRight(string answer, IReadOnlyList<string> expect) => expect.All(word =>
    {
        for (var at = answer.IndexOf(word, StringComparison.Ordinal); at >= 0; at = answer.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            var after = at + word.Length;
            if (after == answer.Length || !char.IsAsciiDigit(word[^1]) || !char.IsAsciiDigit(answer[after]))
            {
                return true;
            }
        }

        return false;
    });

    private static string Answer(Generator generator, string request, CancellationToken cancellationToken)
    {
        var conversation = JsonSerializer.SerializeToElement(new { messages = new[] { new { role = "user", content = request } } });
        var prompt = PromptBuilder.FromMessages(generator.Tokenizer, StarterRuns.Template, conversation, DateTime.UnixEpoch, cancellationToken);
        return generator.Generate(prompt.Ids, Greedy, cancellationToken).Text;
    }

    /// <summary>At most so many rows, at equal distances, so that both languages are among them.</summary>
    private static List<StarterConversation> Spread(IReadOnlyList<StarterConversation> rows, int most) =>
        rows.Count <= most ? [.. rows] : [.. Enumerable.Range(0, most).Select(i => rows[i * rows.Count / most])];
}
