namespace Workbench.Data.Filters;

/// <summary>A language and how sure that is.</summary>
/// <param name="Code">ISO 639-1; "und" where nothing tells.</param>
/// <param name="Confidence">0 to 1: its share of the evidence.</param>
public readonly record struct IdentifiedLanguage(string Code, double Confidence);

/// <summary>
/// Tells the language of a text by its script and, where several languages share one, by their most frequent words (a word counts the
/// more, the fewer languages have it) and their own letters. Small enough to read; its accuracy is measured in the tests, on
/// translations of one program's messages into 20 languages.
/// </summary>
public static class LanguageIdentifier
{
    /// <summary>How much of a text is looked at, in characters.</summary>
    private const int Looked = 4000;

    private static readonly (string Code, string Words, string Letters)[] Profiles =
    [
        ("en", "the of and to in is that for it was on are as with his they at be this have from or had by not but what all were we when your can said there use an each which she do how their if will up other about out many then them these so some her would make like him into time has look two more write go see no way could people my than first been call who its now find you i", ""),
        ("de", "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man sein wurde sei ich wir ihr wenn kann diese dieser dieses können soll bitte ihre alle", "ßäöü"),
        ("fr", "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont la cette avec ou aux être fait comme mais nous ont ses leur vous tout son si elle même ces entre était sans où on peut votre vos je ils lui été sera doit cela aussi deux très bien", "éèêàçùîôœ"),
        ("es", "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha me si sin sobre este ya entre cuando todo esta ser son dos también fue había era muy años hasta desde está mi porque qué solo han yo hay vez puede todos así nos ni parte tiene él uno donde bien usted esto", "ñ¿¡áíóú"),
        ("pt", "de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu sua ou ser quando muito há nos já está eu também só pelo pela até isso ela entre era depois sem mesmo aos ter seus quem nas me esse eles estão você tinha foram essa num nem suas meu são pode este esta", "ãõçáéêóú"),
        ("it", "di che è e la il un a per in una mi sono ho non ma lo ha le si ti i con cosa se io come da ci no questo qui hai sei del bene tu sì me più al mio perché lei solo te era gli tutto della così mia ne questa fare quando ora fatto essere mai chi nel alla dei anche delle degli sul sulla viene può dal dalla essi o", "èàùòì"),
        ("nl", "de en van ik te dat die in een hij het niet zijn is was op aan met als voor had er maar om hem dan zou of wat mijn men dit zo door over ze zich bij ook tot je mij uit der daar haar naar heb hoe heeft hebben deze u want nog zal me zij nu ge geen omdat iets worden toch al waren veel meer doen toen moet ben zonder kan hun dus alles onder ja eens hier wie werd altijd doch wordt kunnen", "ĳ"),
        ("sv", "och att det i en jag hon som han på den med var sig för så till är men ett om hade de av icke mig du henne då sin nu har inte hans honom skulle hennes där min man ej vid kunde något från ut när efter upp vi dem vara vad över än dig kan sina här ha mot alla under någon eller allt mycket sedan ju denna själv detta åt utan varit hur ingen mitt ni bli blev oss din dessa några", "åäö"),
        ("da", "og i jeg det at en den til er som på de med han af for ikke der var mig sig men et har om vi min havde ham hun nu over da fra du ud sin dem os op man hans hvor eller hvad skal selv her alle vil blev kunne ind når være dog noget ville jo deres efter ned skulle denne end dette mit også under have dig anden hende mine alt meget sit sine vor mod disse hvis din nogle hos blive mange ad bliver hendes været thi jer sådan kan", "æøå"),
        ("no", "og i jeg det at en et den til er som på de med han av ikke der så var meg seg men har om vi min mitt ha hadde hun nå over da ved fra du ut sin dem oss opp man kan hans hvor eller hva skal selv sjøl her alle vil bli ble blei blitt kunne inn når være kom noen noe ville dere deres kun ja etter ned skulle denne for deg si sine sitt mot å meget hvorfor dette disse uten hvordan ingen din ditt blir samme hvilken hvis også bare enn mellom før", "æøå"),
        ("fi", "ja on ei että se oli hän mutta ovat kuin myös tai kun jos niin sen ole joka mukaan ovat vain voi jo sekä olla hänen joka ne tämä mitä vuonna kanssa tämän jotka nyt sitä minä sinä me te he ettei olisi sitten kaikki hyvin siitä koska siellä vielä ennen jälkeen ilman aina voidaan käyttää tästä tätä", "äö"),
        ("pl", "i w nie na z do to że się o jest a jak po co tak za od ale czy już tylko go przez dla są ze być może ma przy tego było był można te też który która które jego jej ich tym lub oraz gdy bardzo kiedy jeśli ten ta więc sobie mnie będzie we pod także jako aby bez niż został zostać", "ąćęłńśźż"),
        ("cs", "a se v na je že s z do o i to k ve pro za by ale si po jako od jsou které byl jeho který nebo již až tak být bude jak byla co podle pouze jen při ze má která jsem není další také může když už své kde či tím aby pokud proti jejich ještě než před tedy více všechny tento této tato", "ěřůčšžýáíéúťďň"),
        ("sk", "a sa v na je že s z do o i to k vo pre za by ale si po ako od sú ktoré bol jeho ktorý alebo už až tak byť bude čo podľa iba len pri zo má ktorá som nie ďalší tiež môže keď svoje kde či tým aby ak proti ich ešte než pred teda viac všetky tento tejto táto", "ľĺŕôäčšžýáíéúťďň"),
        ("hu", "a az és hogy nem is egy ez meg van ha csak de már el volt kell azt mint még ezt minden vagy mert meg lesz nagyon lehet én ő mi ti ők nincs sem azonban között után alatt által amely aki ami szerint itt ott így úgy olyan ilyen több első két majd fel ki be le mely pedig vagyis rendszer", "őűáéíóöúü"),
        ("ro", "de și în a la cu pe nu este un o care că din mai se pentru sau ce fi au prin sunt am ca dar ale fost lui al unei după după această acest dacă când sa su fie foarte numai cel cea cei cele despre toate avea astfel între poate lor sale dumneavoastră aceste către unui iar era doar", "ășțâî"),
        ("tr", "ve bir bu için da de ile olarak çok daha olan gibi en ne var kadar sonra o ama ya mi ki değil her şey ben sen biz siz onlar diye göre ise veya hiç bütün nasıl neden iki ilk yeni tarafından üzerinde içinde oldu olduğu olduğunu vardır ancak bunu şu kendi tüm", "ğışçöü"),
        ("vi", "và là của có không cho một các được trong người những với này đã khi để đến ở như từ cũng ra nhiều về tôi bạn vào thì nếu làm hay phải sẽ theo còn bị trên lại nên đó rất tại nhưng sau hoặc hệ mà", "ăđơưạảấầẩậắằặẹẻẽếềểễệịọỏốồổộớờởợụủứừửữựỳỹ"),
        ("id", "yang dan di itu dengan untuk tidak ini dari dalam akan pada juga saya ke karena tersebut bisa ada mereka lebih kata tahun sudah atau saat oleh menjadi orang ia telah adalah seperti sebagai bahwa dapat para harus namun kita dua satu masih hari hanya mengatakan kepada kami setelah melakukan lalu belum lain dia kalau terjadi banyak menurut anda hingga tak baru beberapa ketika saja jalan sekitar secara", ""),
        ("ca", "de la que el i a en els del les un per amb no una és al més com o però si també ha seu seva va aquest aquesta són ser quan molt des fins entre sobre sense hi pot només ho perquè tot altres dels ens aquests heu esteu us", "çàèòïüŀ"),
        ("sw", "ya na wa kwa ni katika la za cha kama hii au pia kuwa si hiyo huo hizo sana watu wote lakini moja mtu hivyo baada yake yao zao lake wake bila kila ambao ambayo ili sasa tu mimi wewe yeye sisi ninyi wao", ""),
    ];

    private static readonly (string Code, string Words, string Letters)[] Cyrillic =
    [
        ("ru", "и в не на я что он с как это по но к у из за вы так же от о бы для все мы они был было только ты его если или ещё ни когда может быть до при она этот чтобы есть нет уже вас будет", "ыэъё"),
        ("uk", "і в не на я що він з як це по але до у із за ви так же від о б для все ми вони був було тільки ти його якщо або ще ні коли може бути при вона цей щоб є немає вже вас буде та й", "іїєґ"),
        ("bg", "и в не на аз че той с как това по но към у от за вие така же се да е са за бъде който която които ще ли или още нито когато може при тя този има няма вече ви като след", "ъ"),
        ("sr", "и у не на је да се са као то по али од за или још ни када може бити при она овај има нема већ вас ће који која које су би из до", "ђјљњћџ"),
    ];

    private static readonly (string Code, string Words, string Letters)[] Devanagari =
    [
        ("hi", "है हैं के में की का से को और पर यह वह नहीं ने भी कि जो तो एक इस उस था थी थे हो कर या अपने लिए गया साथ किया सभी आप हम मैं तक कुछ जब", ""),
        ("mr", "आहे आहेत आणि व तो ती ते हा ही हे या च्या ला ने होते होता होती नाही मी आम्ही तुम्ही त्या त्याच्या त्यांना पण किंवा असे करून सर्व एक मध्ये साठी काय काही", "ळ"),
        ("ne", "छ छन् हुन् हो र को मा लाई ले बाट पनि यो त्यो गर्न गरेको भएको थियो म तपाईं हामी उनी तर वा सबै एक गर्नु हुन्छ नेपाल गर्ने लागि भने", ""),
    ];

    private static readonly Dictionary<string, List<(int Profile, double Weight)>> LatinWords = WordTable(Profiles);
    private static readonly Dictionary<string, List<(int Profile, double Weight)>> CyrillicWords = WordTable(Cyrillic);
    private static readonly Dictionary<string, List<(int Profile, double Weight)>> DevanagariWords = WordTable(Devanagari);
    private static readonly Dictionary<char, List<(int Profile, double Weight)>> DevanagariLetters = LetterTable(Devanagari);
    private static readonly Dictionary<char, List<(int Profile, double Weight)>> LatinLetters = LetterTable(Profiles);
    private static readonly Dictionary<char, List<(int Profile, double Weight)>> CyrillicLetters = LetterTable(Cyrillic);

    /// <summary>Codes of all languages that can be told.</summary>
    public static IReadOnlyList<string> Languages { get; } =
        [.. Profiles.Concat(Cyrillic).Concat(Devanagari).Select(profile => profile.Code), "zh", "ja", "ko", "ar", "fa", "ur", "he", "el", "th", "bn", "pa", "gu", "ta", "te", "kn", "ml", "hy", "ka"];

    /// <summary>The language that most of the text is in.</summary>
    public static IdentifiedLanguage Identify(ReadOnlySpan<char> text)
    {
        text = text[..Math.Min(text.Length, Looked)];
        var scripts = new Dictionary<string, int>();
        var letters = 0;
        foreach (var character in text)
        {
            if (char.IsLetter(character) && Script(character) is { } script)
            {
                // An ideograph or syllable says as much as a word of an alphabet's letters.
                var weight = script is "zh" or "ja" or "ko" ? 3 : 1;
                scripts[script] = scripts.GetValueOrDefault(script) + weight;
                letters += weight;
            }
        }

        if (letters == 0)
        {
            return new IdentifiedLanguage("und", 0);
        }

        var main = scripts.MaxBy(pair => pair.Value);
        var share = main.Value / (double)letters;
        return main.Key switch
        {
            "latin" => Among(Profiles, LatinWords, LatinLetters, text, share),
            "cyrillic" => Among(Cyrillic, CyrillicWords, CyrillicLetters, text, share),
            "devanagari" => Among(Devanagari, DevanagariWords, DevanagariLetters, text, share) is { Code: not "und" } told ? told : new IdentifiedLanguage("hi", share),
            "arabic" => new IdentifiedLanguage(text.IndexOfAny("ٹڈڑےں") >= 0 ? "ur" : text.IndexOfAny("پچژگ") >= 0 ? "fa" : "ar", share),
            // Japanese is written with kana among ideographs; a text with a tenth of kana is Japanese.
            "zh" when scripts.GetValueOrDefault("ja") * 10 > main.Value => new IdentifiedLanguage("ja", (main.Value + scripts["ja"]) / (double)letters),
            "ja" => new IdentifiedLanguage("ja", (main.Value + scripts.GetValueOrDefault("zh")) / (double)letters),
            _ => new IdentifiedLanguage(main.Key, share),
        };
    }

    private static IdentifiedLanguage Among(
        (string Code, string Words, string Letters)[] profiles,
        Dictionary<string, List<(int Profile, double Weight)>> words,
        Dictionary<char, List<(int Profile, double Weight)>> letters,
        ReadOnlySpan<char> text,
        double share)
    {
        var scores = new double[profiles.Length];
        var lookup = words.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> lower = stackalloc char[24];
        foreach (var range in text.SplitAny(" \t\r\n.,;:!?()[]{}\"'’«»„“”/-–—*#`|<>=_।0123456789"))
        {
            var word = text[range];
            if (word.Length is > 0 and <= 24 && lookup.TryGetValue(lower[..word.ToLowerInvariant(lower)], out var found))
            {
                Add(scores, found);
            }
        }

        foreach (var character in text)
        {
            if (letters.TryGetValue(char.ToLowerInvariant(character), out var found))
            {
                Add(scores, found);
            }
        }

        var total = scores.Sum();
        var best = Array.IndexOf(scores, scores.Max());
        return total <= 0 ? new IdentifiedLanguage("und", 0) : new IdentifiedLanguage(profiles[best].Code, share * scores[best] / total);
    }

    private static void Add(double[] scores, List<(int Profile, double Weight)> found)
    {
        foreach (var (profile, weight) in found)
        {
            scores[profile] += weight;
        }
    }

    private static Dictionary<string, List<(int Profile, double Weight)>> WordTable((string Code, string Words, string Letters)[] profiles) =>
        Table(profiles.SelectMany((profile, i) => profile.Words.Split(' ').Distinct().Select(word => (word, i))), 1.0);

    private static Dictionary<char, List<(int Profile, double Weight)>> LetterTable((string Code, string Words, string Letters)[] profiles) =>
        Table(profiles.SelectMany((profile, i) => profile.Letters.Select(letter => (letter, i))), 0.5);

    /// <summary>What n languages have counts 1/n² for each: shared words say little.</summary>
    private static Dictionary<TKey, List<(int Profile, double Weight)>> Table<TKey>(IEnumerable<(TKey Key, int Profile)> pairs, double weight)
        where TKey : notnull =>
        pairs.GroupBy(pair => pair.Key).ToDictionary(
            group => group.Key,
            group => group.Select(pair => (pair.Profile, weight / (group.Count() * group.Count()))).ToList());

    private static string? Script(char character) => character switch
    {
        < '\u0250' or (>= '\u1E00' and <= '\u1EFF') => "latin",
        >= '\u0370' and <= '\u03FF' => "el",
        >= '\u0400' and <= '\u052F' => "cyrillic",
        >= '\u0530' and <= '\u058F' => "hy",
        >= '\u0590' and <= '\u05FF' => "he",
        >= '\u0600' and <= '\u06FF' => "arabic",
        >= '\u0900' and <= '\u097F' => "devanagari",
        >= '\u0980' and <= '\u09FF' => "bn",
        >= '\u0A00' and <= '\u0A7F' => "pa",
        >= '\u0A80' and <= '\u0AFF' => "gu",
        >= '\u0B80' and <= '\u0BFF' => "ta",
        >= '\u0C00' and <= '\u0C7F' => "te",
        >= '\u0C80' and <= '\u0CFF' => "kn",
        >= '\u0D00' and <= '\u0D7F' => "ml",
        >= '\u0E00' and <= '\u0E7F' => "th",
        >= '\u10A0' and <= '\u10FF' => "ka",
        >= '\u3040' and <= '\u30FF' => "ja",
        (>= '\u3400' and <= '\u4DBF') or (>= '\u4E00' and <= '\u9FFF') => "zh",
        >= '\uAC00' and <= '\uD7AF' => "ko",
        _ => null,
    };
}
