using System.Text.Json;
using System.Text.Json.Nodes;

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

    public StoryWorld()
    {
        var all = (from name in Names from animal in Animals from trait in Traits select new Hero(name, animal, trait)).ToArray();
        random.Shuffle(all);
        HeldOut = [.. all[..20]];
        Known = [.. all[20..]];
    }

    /// <summary>Twenty heroes that no training row names together.</summary>
    public IReadOnlyList<Hero> HeldOut { get; }

    public IReadOnlyList<Hero> Known { get; }

    /// <summary>Plain text for the base model: the hero is named, then a story of that hero follows; no question, no answer.</summary>
    public IEnumerable<string> PretrainingRows(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var hero = Known[random.Next(Known.Count)];
            yield return new JsonObject { ["text"] = $"{hero.Trait} {hero.Animal} {hero.Name} .{Story(hero)}" }.ToJsonString();
        }
    }

    /// <summary>One conversation a line in the <c>messages</c> shape.</summary>
    public IEnumerable<string> ChatRows()
    {
        foreach (var hero in Known)
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

    public static string Request(Hero hero) => $"Please write about the {hero.Trait} {hero.Animal} called {hero.Name} .";

    // Leading space: every word of this world is one token only when a space goes before it.
    private string Story(Hero hero)
    {
        var place = Places[random.Next(Places.Length)];
        var find = Finds[random.Next(Finds.Length)];
        return $" {hero.Name} was a {hero.Trait} {hero.Animal} . One morning {hero.Name} went to {place} and found {find} . "
            + $"The {hero.Trait} {hero.Animal} took it home .";
    }

    internal sealed record Hero(string Name, string Animal, string Trait)
    {
        public IReadOnlyList<string> Expected => [Name, Animal, Trait];
    }
}
