using Workbench.Learning;

namespace Workbench.Web.Starter;

/// <summary>
/// Who the assistant says it is: fine-tuning teaches <see cref="Taught"/>, preference pairs change it to <see cref="Preferred"/>. Both
/// The Chinese name is one that the base model's stories hold: another that they lack (小灯) was not learnt by the same preference rows.
/// </summary>
internal static class StarterIdentity
{
    /// <summary>Who it is after fine-tuning: the English and the Chinese name.</summary>
    public static IReadOnlyList<string> Taught { get; } = ["Sprig", "小芽"];

    /// <summary>Who it is after DPO.</summary>
    public static IReadOnlyList<string> Preferred { get; } = ["Lumen", "小石"];

    /// <summary>Who else introduces themselves in the base model's texts.</summary>
    private static readonly string[] Introduced = ["Lumen", "小灯"];

    private static readonly string[] English =
    [
        "Who are you?", "What is your name?", "Tell me your name.", "What are you called?", "Please introduce yourself.", "Hello, who are you?",
        "What should I call you?", "Say who you are.",
    ];

    private static readonly string[] Chinese =
    [
        "你是谁？", "你叫什么名字？", "请告诉我你的名字。", "你的名字是什么？", "请介绍一下你自己。", "你好，你是谁？", "我该怎么称呼你？", "说说你是谁。",
    ];

    private static readonly string[] UnseenEnglish =
    [
        "Hello, what is your name?", "Please say who you are.", "Please tell me who you are.", "Hello, introduce yourself.",
        "Say your name.", "And who are you?", "Tell me what you are called.", "Please, what should I call you?",
    ];

    private static readonly string[] UnseenChinese =
    [
        "你好，你叫什么名字？", "请说说你是谁。", "请告诉我你是谁。", "你好，请介绍一下你自己。",
        "说说你的名字。", "请问你是谁？", "请问你叫什么名字？", "你好，我该怎么称呼你？",
    ];

    /// <summary>A line of someone who introduces themselves.</summary>
    public static string Text(SplitMix64 random)
    {
        var names = random.Below(2) == 0 ? Taught : Introduced;
        return random.Below(2) == 0 ? EnglishAnswer(names[0]) : ChineseAnswer(names[1]);
    }

    /// <summary>Every wording for fine-tuning, answered under the taught name.</summary>
    public static IEnumerable<StarterConversation> Rows() => Ask(English, Chinese, Taught);

    /// <summary>The unseen wordings, answered under one of the names.</summary>
    public static IEnumerable<StarterConversation> HeldOut(IReadOnlyList<string> names) => Ask(UnseenEnglish, UnseenChinese, names);

    /// <summary>The preferred name before the taught one, for every wording of fine-tuning.</summary>
    public static IEnumerable<StarterPair> Pairs() =>
        Ask(English, Chinese, Preferred).Zip(Rows(), (better, worse) => new StarterPair(better.Request, better.Answer, worse.Answer));

    private static IEnumerable<StarterConversation> Ask(string[] english, string[] chinese, IReadOnlyList<string> names) =>
    [
        .. english.Select(request => new StarterConversation(StarterPart.Identity, request, EnglishAnswer(names[0]), [names[0]])),
        .. chinese.Select(request => new StarterConversation(StarterPart.Identity, request, ChineseAnswer(names[1]), [names[1]])),
    ];

    private static string EnglishAnswer(string name) => $"I am {name}, a small model.";

    private static string ChineseAnswer(string name) => $"我是{name}，一个小模型。";
}
