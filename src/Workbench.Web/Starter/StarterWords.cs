namespace Workbench.Web.Starter;

/// <summary>What exists in the starter's world. Made for this project; small enough that a model of 400,000 parameters knows all of it.</summary>
internal static class StarterWords
{
    public static IReadOnlyList<string> Names { get; } =
    [
        "Ada", "Amir", "Bela", "Bruno", "Cora", "Dina", "Emil", "Enzo", "Fay", "Finn", "Gita", "Gus", "Hana", "Hugo", "Ida", "Ivo",
        "Jana", "Juno", "Kai", "Kira", "Lena", "Levi", "Luz", "Mei", "Milo", "Nila", "Noor", "Olga", "Oskar", "Pavel", "Pia", "Quinn",
        "Raul", "Rosa", "Sami", "Silas", "Tess", "Timo", "Uma", "Uri", "Vera", "Viggo", "Wanda", "Wim", "Yara", "Yusuf", "Zoe", "Zeno",
    ];

    public static IReadOnlyList<string> Animals { get; } =
    [
        "badger", "crab", "crow", "deer", "goat", "hare", "heron", "lynx", "mole", "otter", "owl", "robin", "seal", "snail", "toad", "wolf",
    ];

    public static IReadOnlyList<string> Traits { get; } =
    [
        "brave", "calm", "clever", "curious", "gentle", "honest", "loud", "patient", "proud", "shy", "sleepy", "tiny",
    ];

    public static IReadOnlyList<string> Places { get; } =
    [
        "the harbour", "the old mill", "the orchard", "the bridge", "the market", "the lighthouse", "the meadow", "the station",
    ];

    public static IReadOnlyList<string> Things { get; } =
    [
        "a lantern", "a map", "a whistle", "a blanket", "a silver key", "a paper boat", "a red scarf", "a jar of honey",
    ];

    /// <summary>What made-up names are put together from, so that a model learns to repeat a name that it never saw.</summary>
    public static IReadOnlyList<string> Syllables { get; } =
    [
        "an", "ar", "be", "bo", "da", "do", "el", "fa", "fo", "gi", "gu", "ha", "il", "jo", "ka", "ke", "la", "li", "lo", "ma", "mi", "mu", "na",
        "ne", "no", "or", "pa", "pe", "ra", "ri", "ro", "sa", "sh", "si", "su", "ta", "ti", "to", "ur", "va", "vi", "wa", "we", "xi", "ya", "zu",
    ];
}
