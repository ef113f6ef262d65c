using Workbench.Learning;

namespace Workbench.Web.Starter;

/// <summary>
/// The starter's small world in English and Chinese: facts, identity, sums and stories. One description of it gives the texts of the base
/// model, the rows of fine-tuning, the preference pairs and, for each part, questions that none of these holds.
/// </summary>
internal static class StarterWorld
{
    private static readonly StarterStories English = new(StarterWords.English);
    private static readonly StarterStories Chinese = new(StarterWords.Chinese);

    /// <summary>Plain texts for the base model, each of one part and one language.</summary>
    public static IEnumerable<string> Pretraining(int count, ulong seed)
    {
        var random = new SplitMix64(seed);
        for (var i = 0; i < count; i++)
        {
            yield return random.Below(100) switch
            {
                < 30 => English.Text(random),
                < 50 => Chinese.Text(random),
                < 75 => StarterFacts.Text(random),
                < 97 => StarterSums.Text(random),
                _ => StarterIdentity.Text(random),
            };
        }
    }

    /// <summary>Conversations for fine-tuning, in random order.</summary>
    public static IReadOnlyList<StarterConversation> Sft(ulong seed)
    {
        var random = new SplitMix64(seed);
        return random.Shuffled(
        [
            .. English.Rows(360, random), .. Chinese.Rows(240, random), .. Enumerable.Range(0, 3).SelectMany(_ => StarterFacts.Rows()),
            .. Enumerable.Range(0, 1_200).Select(_ => StarterSums.Ask(random, heldOut: false)),
            .. Enumerable.Range(0, 6).SelectMany(_ => StarterIdentity.Rows()),
        ]);
    }

    /// <summary>Preference pairs that change who the assistant says it is, each several times, in random order.</summary>
    public static IReadOnlyList<StarterPair> Pairs(ulong seed) =>
        new SplitMix64(seed).Shuffled([.. Enumerable.Range(0, 8).SelectMany(_ => StarterIdentity.Pairs())]);

    /// <summary>Questions after sums without an answer, with the result for a reward to check.</summary>
    public static IEnumerable<StarterConversation> Checkable(int count, ulong seed)
    {
        var random = new SplitMix64(seed);
        return [.. Enumerable.Range(0, count).Select(_ => StarterSums.Ask(random, heldOut: false))];
    }

    /// <summary>The held-out questions of one part; those after identity expect the name that fine-tuning taught.</summary>
    public static IReadOnlyList<StarterConversation> HeldOut(StarterPart part)
    {
        var random = new SplitMix64(12);
        return part switch
        {
            StarterPart.Facts => [.. StarterFacts.HeldOut()],
            StarterPart.Sums => [.. Enumerable.Range(0, 200).Select(_ => StarterSums.Ask(random, heldOut: true)).DistinctBy(row => row.Answer).Take(40)],
            StarterPart.Stories => [.. English.HeldOut(random), .. Chinese.HeldOut(random)],
            _ => [.. StarterIdentity.HeldOut(StarterIdentity.Taught)],
        };
    }
}
