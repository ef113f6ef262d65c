using System.Text.Json;

namespace Workbench.Browser.Tests;

/// <summary>
/// A small closed world of errands, made here so that the main path is tested where no shared data lies beside the checkout:
/// a request names a person, an animal and a trait, and the answer is a story that holds all three.
/// </summary>
internal sealed class StoryWorld
{
    private static readonly string[] Names = ["Ada", "Noor", "Ivo", "Mei", "Oskar", "Zoe", "Raul", "Tess", "Hugo", "Lena"];
    private static readonly string[] Animals = ["heron", "otter", "lynx", "goat", "crab", "owl", "hare", "mole"];
    private static readonly string[] Traits = ["patient", "clever", "shy", "loud", "gentle", "proud"];
    private static readonly string[] Places = ["the harbour", "the old mill", "the orchard", "the bridge"];
    private static readonly string[] Finds = ["a lantern", "a map", "a whistle", "a blanket"];

    private readonly Random random = new(20261);
    private readonly Hero[] heroes;

    public StoryWorld()
    {
        var all = (from name in Names from animal in Animals from trait in Traits select new Hero(name, animal, trait)).ToArray();
        random.Shuffle(all);
        heroes = all;
    }

    /// <summary>Every request and a story of every hero: the text whose words make the vocabulary.</summary>
    public IEnumerable<string> Texts() => heroes.SelectMany(hero => new[] { Request(hero), Story(hero) });

    /// <summary>One conversation a line in the <c>messages</c> shape.</summary>
    public IEnumerable<string> ChatRows()
    {
        foreach (var hero in heroes)
        {
            yield return JsonSerializer.Serialize(new
            {
                messages = new[]
                {
                    new { role = "user", content = Request(hero) },
                    new { role = "assistant", content = Story(hero).TrimStart() },
                },
            });
        }
    }

    private static string Request(Hero hero) => $"Please write about the {hero.Trait} {hero.Animal} called {hero.Name} .";

    // Leading space: every word of this world is one token only when a space goes before it.
    private string Story(Hero hero)
    {
        var place = Places[random.Next(Places.Length)];
        var find = Finds[random.Next(Finds.Length)];
        return $" {hero.Name} was a {hero.Trait} {hero.Animal} . One morning {hero.Name} went to {place} and found {find} . "
            + $"The {hero.Trait} {hero.Animal} took it home .";
    }

    private sealed record Hero(string Name, string Animal, string Trait);
}
