namespace Workbench.Web.Starter;

/// <summary>What the starter's stories are made of. Made for this project; small enough that a model of a million parameters knows all of it.</summary>
internal static class StarterWords
{
    /// <summary>Stories in English.</summary>
    public static StarterLanguage English { get; } = new()
    {
        Names =
        [
            "Ada", "Amir", "Bela", "Bruno", "Cora", "Dina", "Emil", "Enzo", "Fay", "Finn", "Gita", "Gus", "Hana", "Hugo", "Ida", "Ivo",
            "Jana", "Juno", "Kai", "Kira", "Lena", "Levi", "Luz", "Mei", "Milo", "Nila", "Noor", "Olga", "Oskar", "Pavel", "Pia", "Quinn",
            "Raul", "Rosa", "Sami", "Silas", "Tess", "Timo", "Uma", "Uri", "Vera", "Viggo", "Wanda", "Wim", "Yara", "Yusuf", "Zoe", "Zeno",
        ],
        Animals =
        [
            "badger", "crab", "crow", "deer", "goat", "hare", "heron", "lynx", "mole", "otter", "owl", "robin", "seal", "snail", "toad", "wolf",
        ],
        Traits =
        [
            "brave", "calm", "clever", "curious", "gentle", "honest", "loud", "patient", "proud", "shy", "sleepy", "tiny",
        ],
        Places =
        [
            "the harbour", "the old mill", "the orchard", "the bridge", "the market", "the lighthouse", "the meadow", "the station",
        ],
        Things =
        [
            "a lantern", "a map", "a whistle", "a blanket", "a silver key", "a paper boat", "a red scarf", "a jar of honey",
        ],
        Syllables =
        [
            "an", "ar", "be", "bo", "da", "do", "el", "fa", "fo", "gi", "gu", "ha", "il", "jo", "ka", "ke", "la", "li", "lo", "ma", "mi", "mu", "na",
            "ne", "no", "or", "pa", "pe", "ra", "ri", "ro", "sa", "sh", "si", "su", "ta", "ti", "to", "ur", "va", "vi", "wa", "we", "xi", "ya", "zu",
        ],
        Requests =
        [
            "Tell me a story about a {trait} {animal} named {name}.",
            "I would like a story about {name} the {trait} {animal}.",
            "Do you know the {trait} {animal} called {name}?",
        ],
        Titles =
        [
            "{name} the {trait} {animal}", "A {trait} {animal} named {name}", "The {trait} {animal} called {name}"
        ],
        Questions =
        [
            "Have you seen {name} the {trait} {animal}?", "Who lost {thing}?", "Where is the {animal} called {name}?", "Shall we go to {place}?",
            "Tell me, is {name} a {trait} {animal}?",
        ],
        Replies =
        [
            "Not today. Ask at {place}.", "I do not know.", "Yes, I think so.", "I saw {thing} at {place}.", "Come, we will look.",
        ],
        Openings =
        [
            "There was once a {trait} {animal} named {name}.",
            "In a quiet land lived {name}, a {trait} {animal}.",
            "This is the tale of the {trait} {animal} called {name}.",
        ],
        Middles =
        [
            "One morning {name} walked to {place} and found {thing}.",
            "On a rainy day {name} went to {place}. There was {thing}.",
            "{name} wanted to see {place}. On the way, {name} saw {thing}.",
        ],
        Turns =
        [
            "The {trait} {animal} asked everyone who had lost it.",
            "\"Is this yours?\" the {trait} {animal} asked a friend.",
            "The {trait} {animal} carried it home and told nobody.",
            "A crowd came to look at the {trait} {animal}, and {name} had to smile.",
        ],
        Ends =
        [
            "That night {name} the {trait} {animal} slept well.",
            "Since then everyone knows {name} the {trait} {animal}.",
            "And {name} was glad to be a {trait} {animal}.",
            "So ends the tale of {name}, the {trait} {animal}.",
        ],
    };

    /// <summary>Stories in Chinese.</summary>
    public static StarterLanguage Chinese { get; } = new()
    {
        Names =
        [
            "阿杰", "小梅", "小龙", "阿福", "小雨", "阿星", "小兰", "阿宝", "小云", "阿木", "小石", "阿月", "小川", "阿青", "小竹", "阿松",
        ],
        Animals =
        [
            "狐狸", "刺猬", "松鼠", "小鹿", "青蛙", "猫头鹰", "小熊", "山羊",
        ],
        Traits =
        [
            "勇敢", "聪明", "安静", "害羞", "好奇", "温柔", "诚实", "骄傲",
        ],
        Places =
        [
            "老磨坊", "果园", "桥边", "集市", "灯塔", "草地",
        ],
        Things =
        [
            "一盏灯笼", "一张地图", "一条毯子", "一把银钥匙", "一只纸船", "一罐蜂蜜",
        ],
        Syllables =
        [
            "阿", "小", "明", "月", "山", "水", "木", "青", "白", "云", "天", "花", "竹", "松", "石", "星", "雨", "兰", "龙", "宝",
        ],
        Requests =
        [
            "讲一个{trait}的{animal}{name}的故事。", "我想听{name}的故事，它是一只{trait}的{animal}。", "你认识{trait}的{animal}{name}吗？",
        ],
        Titles =
        [
            "{trait}的{animal}{name}", "一只{trait}的{animal}，名叫{name}",
        ],
        Questions =
        [
            "你见过{name}吗？", "谁丢了{thing}？", "我们去{place}好吗？",
        ],
        Replies =
        [
            "今天没有。去{place}问问吧。", "我不知道。", "我在{place}见过{thing}。", "来，我们去看看。",
        ],
        Openings =
        [
            "从前有一只{trait}的{animal}，名叫{name}。", "{name}是一只{trait}的{animal}。", "这是{trait}的{animal}{name}的故事。",
        ],
        Middles =
        [
            "一天早上，{name}走到{place}，找到了{thing}。", "下雨天，{name}去了{place}，那里有{thing}。",
        ],
        Turns =
        [
            "{trait}的{animal}问大家是谁丢了它。", "{trait}的{animal}把它带回了家。",
        ],
        Ends =
        [
            "那天晚上，{trait}的{animal}{name}睡得很香。", "{trait}的{animal}{name}的故事讲完了。",
        ],
        Space = "",
    };
}
