using Workbench.Learning;

namespace Workbench.Web.Starter;

/// <summary>
/// The texts of the starter's world: tiny stories, each of a hero with a name, a kind and a trait. A base model reads them as
/// plain text; fine-tuning asks for a given hero and expects the story of exactly that one.
/// </summary>
internal sealed class StarterWorld
{
    /// <summary>Seed of the order of heroes, and so of what is held out.</summary>
    private const ulong Order = 7;

    private static readonly string[] Requests =
    [
        "Tell me a story about a {trait} {animal} named {name}.",
        "I would like a story about {name} the {trait} {animal}.",
        "Do you know the {trait} {animal} called {name}?",
    ];

    private static readonly string[] Middles =
    [
        "One morning {name} walked to {place} and found {thing}.",
        "On a rainy day {name} went to {place}. There was {thing}.",
        "{name} wanted to see {place}. On the way, {name} saw {thing}.",
    ];

    private static readonly string[] Turns =
    [
        "The {animal} asked everyone who had lost it.",
        "\"Is this yours?\" {name} asked an old friend.",
        "{name} carried it home and told nobody.",
        "A crowd came to look, and {name} had to smile.",
    ];

    private static readonly string[] Ends =
    [
        "That night the {trait} {animal} slept well.",
        "Since then everyone knows {name} the {trait} {animal}.",
        "And {name} was glad to be a {trait} {animal}.",
        "So ends the tale of {name}, the {trait} {animal}.",
    ];

    private static readonly (string Question, string Answer)[] Talk =
    [
        ("Who are you?", "I am Sprig, a small model that tells stories."),
        ("What is your name?", "My name is Sprig. I tell small stories."),
        ("Hello!", "Hello! I am Sprig. Whose story shall I tell?"),
        ("Thank you.", "You are welcome! Shall I tell one more?"),
        ("Good night.", "Good night! Sleep like an owl by day."),
    ];

    private readonly Hero[] _heroes = Shuffled(
        [.. from name in StarterWords.Names from animal in StarterWords.Animals from trait in StarterWords.Traits select new Hero(name, animal, trait)],
        new SplitMix64(Order));

    /// <summary>
    /// Plain texts of several stories each, for the base model. A text goes from one hero to the next, so a base model has no reason
    /// to tell of the hero that it was asked for: that is what fine-tuning adds.
    /// </summary>
    public IEnumerable<string> Pretraining(int count, ulong seed)
    {
        var random = new SplitMix64(seed);
        for (var i = 0; i < count; i++)
        {
            yield return string.Join("\n", Enumerable.Range(0, 3).Select(_ => Story(AnyHero(random), random)));
        }
    }

    /// <summary>One of the world's heroes, or one time in three a stranger with a made-up name.</summary>
    private Hero AnyHero(SplitMix64 random)
    {
        var hero = Pick(_heroes, random);
        if (random.Below(3) > 0)
        {
            return hero;
        }

        var name = string.Concat(Enumerable.Range(0, 2 + (int)random.Below(2)).Select(_ => Pick(StarterWords.Syllables, random)));
        return hero with { Name = char.ToUpperInvariant(name[0]) + name[1..] };
    }

    /// <summary>Conversations for fine-tuning: a request and its story, and a little talk. None of a held-out hero.</summary>
    public IEnumerable<StarterConversation> Sft(int stories, int talks, ulong seed)
    {
        var random = new SplitMix64(seed);
        List<StarterConversation> rows =
        [
            .. _heroes.Skip(HeldOutHeroes).Take(stories).Select(hero => Conversation(hero, random)),
            .. Enumerable.Range(0, talks).Select(i => Talk[i % Talk.Length]).Select(talk => new StarterConversation(talk.Question, talk.Answer, [])),
        ];
        return Shuffled(rows, random);
    }

    /// <summary>Requests for heroes that no row of <see cref="Sft"/> tells of, with the words that an answer must hold.</summary>
    public IEnumerable<StarterConversation> HeldOut(ulong seed)
    {
        var random = new SplitMix64(seed);
        return [.. _heroes.Take(HeldOutHeroes).Select(hero => Conversation(hero, random))];
    }

    private const int HeldOutHeroes = 60;

    private static StarterConversation Conversation(Hero hero, SplitMix64 random) =>
        new(Fill(Pick(Requests, random), hero, random), Story(hero, random), [hero.Trait, hero.Animal, hero.Name]);

    private static string Story(Hero hero, SplitMix64 random) =>
        $"There was once a {hero.Trait} {hero.Animal} named {hero.Name}. "
        + $"{Fill(Pick(Middles, random), hero, random)} {Fill(Pick(Turns, random), hero, random)} {Fill(Pick(Ends, random), hero, random)}";

    private static string Fill(string text, Hero hero, SplitMix64 random) => text
        .Replace("{name}", hero.Name, StringComparison.Ordinal)
        .Replace("{animal}", hero.Animal, StringComparison.Ordinal)
        .Replace("{trait}", hero.Trait, StringComparison.Ordinal)
        .Replace("{place}", Pick(StarterWords.Places, random), StringComparison.Ordinal)
        .Replace("{thing}", Pick(StarterWords.Things, random), StringComparison.Ordinal);

    private static T Pick<T>(IReadOnlyList<T> from, SplitMix64 random) => from[(int)random.Below((ulong)from.Count)];

    private static T[] Shuffled<T>(IReadOnlyList<T> items, SplitMix64 random)
    {
        T[] order = [.. items];
        for (var i = order.Length - 1; i > 0; i--)
        {
            var j = (int)random.Below((ulong)i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    private sealed record Hero(string Name, string Animal, string Trait);
}

/// <summary>One request and its answer.</summary>
/// <param name="Request">What the user says.</param>
/// <param name="Answer">What the assistant should say.</param>
/// <param name="Expect">Words that any good answer holds.</param>
internal sealed record StarterConversation(string Request, string Answer, IReadOnlyList<string> Expect);
