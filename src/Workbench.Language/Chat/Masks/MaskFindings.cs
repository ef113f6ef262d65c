using System.Text.Json;
using Workbench.Language.Tokenizers;

namespace Workbench.Language.Chat.Masks;

/// <summary>What looks wrong about a mask, in sentences.</summary>
internal static class MaskFindings
{
    public static MaskFinding NoGenerationTags { get; } = new(
        MaskFindingKind.NoGenerationTags,
        "The template has no {% generation %} tags, so nothing is trained. Put them around what the assistant says, or train on \"assistant\".");

    public static void AddNothingTrained(List<MaskFinding> findings, LabelReason[] chosen)
    {
        if (!Array.Exists(chosen, r => r.Trained) && !findings.Contains(NoGenerationTags))
        {
            findings.Add(new MaskFinding(
                MaskFindingKind.NothingTrained,
                "Nothing is trained: no assistant message reaches the text. Check the roles, the train flags, and whether the template drops the answer."));
        }
    }

    public static void AddWithoutEnd(List<MaskFinding> findings, IEnumerable<int> messages) =>
        findings.AddRange(messages.Select(message => new MaskFinding(
            MaskFindingKind.NoEndOfTurn,
            $"Message {message}: the template writes nothing that ends the turn, so the model does not learn to stop. Write eos_token or an end token right behind the content.")
        {
            MessageIndex = message,
        }));

    /// <summary>OpenAI's fine-tuning knows weights 0 and 1 only; a fraction would silently count as 1.</summary>
    public static void AddWeights(List<MaskFinding> findings, JsonElement messages)
    {
        if (messages.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            if (message.ValueKind == JsonValueKind.Object && message.TryGetProperty("weight", out var weight)
                && weight.ValueKind == JsonValueKind.Number && weight.GetDouble() is not (0 or 1))
            {
                findings.Add(new MaskFinding(
                    MaskFindingKind.FractionalWeight,
                    $"Message {index}: weight {weight.GetRawText()} counts as 1, because a token is either trained or not. Use 0 or 1.")
                {
                    MessageIndex = index,
                    Field = "weight",
                });
            }

            index++;
        }
    }

    /// <summary>Where the generation tags and the origin of the text disagree: one finding for each way in which they do.</summary>
    public static void AddDifferences(List<MaskFinding> findings, TokenEncoding encoding, LabelReason[] provenance, int[] assistantMasks)
    {
        Add(i => provenance[i] is { Trained: true, Kind: LabelKind.EndOfTurn } && assistantMasks[i] == 0,
            "the tags leave out the end of the turn, so the model does not learn to stop. Close {% generation %} behind the end token");
        Add(i => provenance[i] is { Trained: true, Kind: not LabelKind.EndOfTurn } && assistantMasks[i] == 0,
            "the tags leave out what the assistant says. Open {% generation %} before it");
        Add(i => !provenance[i].Trained && assistantMasks[i] == 1,
            "the tags enclose text that the assistant does not say. Close {% generation %} before it, or open it later");

        void Add(Func<int, bool> differs, string which)
        {
            var runs = Runs(provenance.Length, differs);
            if (runs.Count == 0)
            {
                return;
            }

            var first = runs[0].Start;
            var count = runs.Sum(run => run.End - run.Start);
            findings.Add(new MaskFinding(
                MaskFindingKind.TagsDiffer,
                $"{count} tokens differ between the template's generation tags and the origin of the text, the first being token {first} (\"{encoding.Tokens[first]}\"): {which}.")
            {
                Tokens = runs,
                MessageIndex = provenance[first].MessageIndex,
                Text = encoding.Tokens[first],
                Position = encoding.CharOffsets[first].Start,
            });
        }
    }

    private static List<(int Start, int End)> Runs(int count, Func<int, bool> holds)
    {
        var runs = new List<(int Start, int End)>();
        for (var i = 0; i < count; i++)
        {
            if (!holds(i))
            {
                continue;
            }

            if (runs.Count > 0 && runs[^1].End == i)
            {
                runs[^1] = (runs[^1].Start, i + 1);
            }
            else
            {
                runs.Add((i, i + 1));
            }
        }

        return runs;
    }
}
