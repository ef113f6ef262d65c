namespace Workbench.Web.Starter;

/// <summary>What stories are made of in one language. <c>{name}</c>, <c>{animal}</c>, <c>{trait}</c>, <c>{place}</c> and <c>{thing}</c> are filled in.</summary>
internal sealed record StarterLanguage
{
    /// <summary>Names of heroes.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>What a hero can be.</summary>
    public required IReadOnlyList<string> Animals { get; init; }

    /// <summary>How a hero can be.</summary>
    public required IReadOnlyList<string> Traits { get; init; }

    /// <summary>Where a story leads.</summary>
    public required IReadOnlyList<string> Places { get; init; }

    /// <summary>What is found there.</summary>
    public required IReadOnlyList<string> Things { get; init; }

    /// <summary>What made-up names are put together from, so that a model learns to repeat a name that it never saw.</summary>
    public required IReadOnlyList<string> Syllables { get; init; }

    /// <summary>How a story is asked for.</summary>
    public required IReadOnlyList<string> Requests { get; init; }

    /// <summary>Titles of a story.</summary>
    public required IReadOnlyList<string> Titles { get; init; }

    /// <summary>What strangers ask each other.</summary>
    public required IReadOnlyList<string> Questions { get; init; }

    /// <summary>What they answer.</summary>
    public required IReadOnlyList<string> Replies { get; init; }

    /// <summary>First sentences.</summary>
    public required IReadOnlyList<string> Openings { get; init; }

    /// <summary>Second sentences.</summary>
    public required IReadOnlyList<string> Middles { get; init; }

    /// <summary>Third sentences.</summary>
    public required IReadOnlyList<string> Turns { get; init; }

    /// <summary>Last sentences.</summary>
    public required IReadOnlyList<string> Ends { get; init; }

    /// <summary>What stands between two sentences.</summary>
    public string Space { get; init; } = " ";
}
