using Workbench.Learning;

namespace Workbench.Web.Starter;

/// <summary>
/// Tiny stories in one language, each of a hero with a name, a kind and a trait. A base model reads them as plain text; fine-tuning asks for
/// a given hero and expects the story of exactly that one.
/// </summary>
internal sealed class StarterStories
{
    /// <summary>Seed of the order of heroes, and so of what is held out.</summary>
    private const ulong Order = 7;

    private const int HeldOutHeroes = 30;

    private readonly StarterLanguage _words;
    private readonly Hero[] _heroes;

    public StarterStories(StarterLanguage words)
    {
        _words = words;
        _heroes = new SplitMix64(Order).Shuffled(
            [.. from name in words.Names from animal in words.Animals from trait in words.Traits select new Hero(name, animal, trait)]);
    }

    /// <summary>
    /// A story under a title that names the hero, a pair of stories without one, or a small conversation. So a base model can take a hero
    /// from what stands before, but answers whoever speaks with small talk: to tell the story that it is asked for is what fine-tuning adds.
    /// </summary>
    public string Text(SplitMix64 random)
    {
        var hero = AnyHero(random);
        return random.Below(10) switch
        {
            < 5 => $"{Fill(random.Pick(_words.Titles), hero, random)}\n* * *\n{Story(hero, random)}",
            < 7 => $"{Story(hero, random)}\n{Story(AnyHero(random), random)}",
            _ => Talk(hero.Name, AnyHero(random), random),
        };
    }

    /// <summary>Requests with their stories, none of a held-out hero.</summary>
    public IEnumerable<StarterConversation> Rows(int count, SplitMix64 random) =>
        _heroes.Skip(HeldOutHeroes).Take(count).Select(hero => Conversation(hero, random));

    /// <summary>Requests for the held-out heroes.</summary>
    public IEnumerable<StarterConversation> HeldOut(SplitMix64 random) => _heroes.Take(HeldOutHeroes).Select(hero => Conversation(hero, random));

    /// <summary>Two who ask each other about a third.</summary>
    private string Talk(string asking, Hero answering, SplitMix64 random)
    {
        var lines = Enumerable.Range(0, 1 + (int)random.Below(2)).Select(_ =>
        {
            var third = AnyHero(random);
            return $"{asking}: {Fill(random.Pick(_words.Questions), third, random)}\n{answering.Name}: {Fill(random.Pick(_words.Replies), third, random)}";
        });
        return string.Join("\n", lines);
    }

    /// <summary>One of the world's heroes, or one time in three a stranger with a made-up name.</summary>
    private Hero AnyHero(SplitMix64 random)
    {
        var hero = random.Pick(_heroes);
        if (random.Below(3) > 0)
        {
            return hero;
        }

        var name = string.Concat(Enumerable.Range(0, 2 + (int)random.Below(2)).Select(_ => random.Pick(_words.Syllables)));
        return hero with { Name = char.ToUpperInvariant(name[0]) + name[1..] };
    }

    private StarterConversation Conversation(Hero hero, SplitMix64 random) =>
        new(StarterPart.Stories, Fill(random.Pick(_words.Requests), hero, random), Story(hero, random), [hero.Trait, hero.Animal, hero.Name]);

    private string Story(Hero hero, SplitMix64 random) => string.Join(
        _words.Space,
        new[] { _words.Openings, _words.Middles, _words.Turns, _words.Ends }.Select(from => Fill(random.Pick(from), hero, random)));

    private string Fill(string text, Hero hero, SplitMix64 random) => text
        .Replace("{name}", hero.Name, StringComparison.Ordinal)
        .Replace("{animal}", hero.Animal, StringComparison.Ordinal)
        .Replace("{trait}", hero.Trait, StringComparison.Ordinal)
        .Replace("{place}", random.Pick(_words.Places), StringComparison.Ordinal)
        .Replace("{thing}", random.Pick(_words.Things), StringComparison.Ordinal);

    private sealed record Hero(string Name, string Animal, string Trait);
}
