using Workbench.Learning;

namespace Workbench.Web.Starter;

/// <summary>
/// The residents of a made-up land: where each lives, works and which animal each has. The base model reads of all of them; fine-tuning asks
/// about some, and the rest are asked when it is measured: whether it can be asked for what it knows.
/// </summary>
internal static class StarterFacts
{
    private const int HeldOutResidents = 8;

    private static readonly (string English, string Chinese)[] Names =
    [
        ("Alma", "阿玛"), ("Boris", "伯安"), ("Celia", "思雅"), ("Dario", "大有"), ("Edith", "依迪"), ("Felix", "飞力"), ("Greta", "格蕾"), ("Henri", "恒立"),
        ("Irma", "尔玛"), ("Jonas", "乔南"), ("Klara", "可乐"), ("Lukas", "陆凯"), ("Marta", "玛塔"), ("Nico", "尼可"), ("Opal", "欧宝"), ("Piet", "皮特"),
        ("Ruth", "如意"), ("Sven", "司文"), ("Thea", "西雅"), ("Ulla", "乌兰"), ("Victor", "维克"), ("Willa", "薇拉"), ("Xaver", "夏维"), ("Yves", "伊夫"),
    ];

    private static readonly (string English, string Chinese)[] Towns =
    [
        ("Larkby", "云雀镇"), ("Mossford", "青苔镇"), ("Pinewick", "松林镇"), ("Gullport", "海鸥镇"), ("Reedmouth", "芦河镇"), ("Foxhollow", "狐山镇"),
    ];

    private static readonly (string English, string Chinese)[] Works =
    [
        ("baker", "面包师"), ("fisher", "渔夫"), ("painter", "画家"), ("teacher", "老师"), ("gardener", "园丁"), ("tailor", "裁缝"),
    ];

    private static readonly (string English, string Chinese)[] Pets =
    [
        ("goose", "鹅"), ("pony", "小马"), ("parrot", "鹦鹉"), ("kitten", "小猫"), ("turtle", "乌龟"), ("rabbit", "兔子"),
    ];

    private static readonly Resident[] Residents = Settle();

    /// <summary>A few sentences on one resident in one language, in any order.</summary>
    public static string Text(SplitMix64 random)
    {
        var (resident, chinese) = (random.Pick(Residents), random.Below(2) == 1);
        var sentences = random.Shuffled([.. Enumerable.Range(0, 3).Select(kind => Sentence(resident, kind, chinese))]);
        var others = Enumerable.Range(0, 2).Select(_ => Sentence(random.Pick(Residents), (int)random.Below(3), chinese));
        return string.Join(chinese ? "" : " ", sentences.Concat(others));
    }

    /// <summary>Every question about the residents that fine-tuning asks about.</summary>
    public static IEnumerable<StarterConversation> Rows() => Residents.Skip(HeldOutResidents).SelectMany(Questions);

    /// <summary>The same questions about the others.</summary>
    public static IEnumerable<StarterConversation> HeldOut() => Residents.Take(HeldOutResidents).SelectMany(Questions);

    private static Resident[] Settle()
    {
        var random = new SplitMix64(3);
        return random.Shuffled([.. Names.Select(name => new Resident(name, random.Pick(Towns), random.Pick(Works), random.Pick(Pets)))]);
    }

    private static IEnumerable<StarterConversation> Questions(Resident resident)
    {
        foreach (var chinese in new[] { false, true })
        {
            for (var kind = 0; kind < 3; kind++)
            {
                yield return new(
                    StarterPart.Facts, Question(resident, kind, chinese), Sentence(resident, kind, chinese), [Of(resident.Fact(kind), chinese)]);
            }
        }
    }

    private static string Question(Resident resident, int kind, bool chinese) => (kind, chinese) switch
    {
        (0, false) => $"Where does {resident.Name.English} live?",
        (1, false) => $"What work does {resident.Name.English} do?",
        (_, false) => $"Which animal does {resident.Name.English} have?",
        (0, true) => $"{resident.Name.Chinese}住在哪里？",
        (1, true) => $"{resident.Name.Chinese}做什么工作？",
        (_, true) => $"{resident.Name.Chinese}养什么动物？",
    };

    private static string Sentence(Resident resident, int kind, bool chinese)
    {
        var (name, fact) = (Of(resident.Name, chinese), Of(resident.Fact(kind), chinese));
        return (kind, chinese) switch
        {
            (0, false) => $"{name} lives in {fact}.",
            (1, false) => $"{name} works as a {fact}.",
            (_, false) => $"{name} has a {fact}.",
            (0, true) => $"{name}住在{fact}。",
            (1, true) => $"{name}的工作是{fact}。",
            (_, true) => $"{name}养了{fact}。",
        };
    }

    private static string Of((string English, string Chinese) both, bool chinese) => chinese ? both.Chinese : both.English;

    private sealed record Resident(
        (string English, string Chinese) Name, (string English, string Chinese) Town, (string English, string Chinese) Work, (string English, string Chinese) Pet)
    {
        public (string English, string Chinese) Fact(int kind) => kind == 0 ? Town : kind == 1 ? Work : Pet;
    }
}
