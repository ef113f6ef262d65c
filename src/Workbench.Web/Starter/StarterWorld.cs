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

    private static readonly string[] Titles = ["{name} the {trait} {animal}", "A {trait} {animal} named {name}", "The {trait} {animal} called {name}"];

    private static readonly string[] Questions =
    [
        "Have you seen {name} the {trait} {animal}?", "Who lost {thing}?", "Where is the {animal} called {name}?", "Shall we go to {place}?",
        "Tell me, is {name} a {trait} {animal}?",
    ];

    private static readonly string[] Replies =
    [
        "Not today. Ask at {place}.", "I do not know.", "Yes, I think so.", "I saw {thing} at {place}.", "Come, we will look.",
    ];

    private static readonly string[] Openings =
    [
        "There was once a {trait} {animal} named {name}.",
        "In a quiet land lived {name}, a {trait} {animal}.",
        "This is the tale of the {trait} {animal} called {name}.",
    ];

    private static readonly string[] Middles =
    [
        "One morning {name} walked to {place} and found {thing}.",
        "On a rainy day {name} went to {place}. There was {thing}.",
        "{name} wanted to see {place}. On the way, {name} saw {thing}.",
    ];

    private static readonly string[] Turns =
    [
        "The {trait} {animal} asked everyone who had lost it.",
        "\"Is this yours?\" the {trait} {animal} asked a friend.",
        "The {trait} {animal} carried it home and told nobody.",
        "A crowd came to look at the {trait} {animal}, and {name} had to smile.",
    ];

    private static readonly string[] Ends =
    [
        "That night {name} the {trait} {animal} slept well.",
        "Since then everyone knows {name} the {trait} {animal}.",
        "And {name} was glad to be a {trait} {animal}.",
        "So ends the tale of {name}, the {trait} {animal}.",
    ];

    private static readonly (string Question, string Answer)[] SmallTalk =
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
    /// Plain texts for the base model: stories under a title that names the hero, pairs of stories without one, each of a hero of its
    /// own, and small conversations. So a base model can take a hero from what stands before, but answers whoever speaks with small
    /// talk: to tell the story that it is asked for is what fine-tuning adds.
    /// </summary>
    public IEnumerable<string> Pretraining(int count, ulong seed)
    {
        var random = new SplitMix64(seed);
        for (var i = 0; i < count; i++)
        {
            var hero = AnyHero(random);
            yield return random.Below(10) switch
            {
                < 4 => $"{Fill(Pick(Titles, random), hero, random)}\n* * *\n{Story(hero, random)}",
                < 7 => $"{Story(hero, random)}\n{Story(AnyHero(random), random)}",
                _ => Talk(hero.Name, AnyHero(random), random),
            };
        }
    }

    /// <summary>Two who ask each other; <c>{name}</c>, <c>{animal}</c> and <c>{trait}</c> are those of a third.</summary>
    private string Talk(string asking, Hero answering, SplitMix64 random)
    {
        var lines = Enumerable.Range(0, 1 + (int)random.Below(2)).Select(_ =>
        {
            var third = AnyHero(random);
            return $"{asking}: {Fill(Pick(Questions, random), third, random)}\n{answering.Name}: {Fill(Pick(Replies, random), third, random)}";
        });
        return string.Join("\n", lines);
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
            .. Enumerable.Range(0, talks).Select(i => SmallTalk[i % SmallTalk.Length]).Select(talk => new StarterConversation(talk.Question, talk.Answer, [])),
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
        $"{Fill(Pick(Openings, random), hero, random)} "
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
