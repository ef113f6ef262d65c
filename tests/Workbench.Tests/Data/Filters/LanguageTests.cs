using System.Globalization;
using System.Text.RegularExpressions;
using Workbench.Data.Filters;

namespace Workbench.Tests.Data.Filters;

public sealed partial class LanguageTests
{
    /// <summary>Article 1 of the Universal Declaration of Human Rights, as its translations have it.</summary>
    [Theory]
    [InlineData("en", "All human beings are born free and equal in dignity and rights. They are endowed with reason and conscience.")]
    [InlineData("de", "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft und Gewissen begabt.")]
    [InlineData("fr", "Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont doués de raison et de conscience.")]
    [InlineData("es", "Todos los seres humanos nacen libres e iguales en dignidad y derechos y, dotados como están de razón y conciencia.")]
    [InlineData("ru", "Все люди рождаются свободными и равными в своем достоинстве и правах. Они наделены разумом и совестью.")]
    [InlineData("uk", "Всі люди народжуються вільними і рівними у своїй гідності та правах. Вони наділені розумом і совістю.")]
    [InlineData("zh", "人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心。")]
    [InlineData("ja", "すべての人間は、生れながらにして自由であり、かつ、尊厳と権利とについて平等である。")]
    [InlineData("ko", "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.")]
    [InlineData("ar", "يولد جميع الناس أحرارا متساوين في الكرامة والحقوق.")]
    [InlineData("hi", "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है।")]
    [InlineData("mr", "सर्व मानवी व्यक्ति जन्मतःच स्वतंत्र आहेत व त्यांना समान प्रतिष्ठा व समान अधिकार आहेत.")]
    [InlineData("ne", "सबै व्यक्तिहरू जन्मजात स्वतन्त्र हुन् ती सबैको समान अधिकार र महत्व छ।")]
    [InlineData("ur", "تمام انسان آزاد اور حقوق و عزت کے اعتبار سے برابر پیدا ہوئے ہیں۔")]
    [InlineData("sw", "Watu wote wamezaliwa huru, hadhi na haki zao ni sawa. Wote wamejaliwa akili na dhamiri.")]
    [InlineData("gu", "પ્રતિષ્ઠા અને અધિકારોની દૃષ્ટિએ સર્વ માનવો જન્મથી સ્વતંત્ર અને સમાન હોય છે.")]
    [InlineData("pa", "ਸਾਰਾ ਮਨੁੱਖੀ ਪਰਿਵਾਰ ਆਪਣੀ ਮਹਿਮਾ, ਸ਼ਾਨ ਅਤੇ ਹੱਕਾਂ ਦੇ ਪੱਖੋਂ ਜਨਮ ਤੋਂ ਹੀ ਆਜ਼ਾਦ ਹੈ")]
    [InlineData("kn", "ಎಲ್ಲಾ ಮಾನವರೂ ಸ್ವತಂತ್ರರಾಗಿಯೇ ಜನಿಸಿದ್ದಾರೆ.")]
    [InlineData("und", "3.14159 + 2 = ?")]
    public void A_sentence_is_in_its_language(string code, string text) => Assert.Equal(code, LanguageIdentifier.Identify(text).Code);

    [Fact]
    public void Programs_that_speak_many_languages_are_understood_in_each()
    {
        // Debian's packages carry their questions in many languages: real sentences that no list here was written from.
        var files = Directory.Exists("/var/lib/dpkg/info") ? Directory.GetFiles("/var/lib/dpkg/info", "*.templates") : [];
        var samples = files.SelectMany(Samples).Where(sample => LanguageIdentifier.Languages.Contains(sample.Language)).Distinct().ToArray();
        Assert.SkipUnless(samples.Length >= 500, "needs the translated questions of Debian's packages (debconf)");
        var right = samples.Count(sample => LanguageIdentifier.Identify(sample.Text).Code == sample.Language);
        var wrong = samples.Select(sample => (sample.Language, Found: LanguageIdentifier.Identify(sample.Text).Code)).Where(pair => pair.Language != pair.Found)
            .GroupBy(pair => pair).OrderByDescending(group => group.Count()).Take(8).Select(group => $"{group.Key.Language} as {group.Key.Found}: {group.Count()}");
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{right} of {samples.Length}; {string.Join(", ", wrong)}"));
        Assert.True(right >= 0.97 * samples.Length, string.Create(CultureInfo.InvariantCulture, $"{right} of {samples.Length}; {string.Join(", ", wrong)}"));
    }

    /// <summary>Paragraphs of at least 60 letters; those left untranslated, and those of paths and placeholders, say nothing of a language.</summary>
    private static IEnumerable<(string Language, string Text)> Samples(string file)
    {
        foreach (Match field in Field().Matches(File.ReadAllText(file)))
        {
            var language = field.Groups[1].Value is var code && code is "nb" or "nn" ? "no" : code;
            foreach (var paragraph in field.Groups[2].Value.Split("\n .\n").Select(text => text.ReplaceLineEndings(" ").Trim()))
            {
                if (paragraph.Count(char.IsLetter) >= 60 && paragraph.AsSpan().IndexOfAny("$/<") < 0
                    && (language == "en" || !paragraph.Contains("Please", StringComparison.Ordinal)))
                {
                    yield return (language, paragraph);
                }
            }
        }
    }

    [GeneratedRegex(@"^Description-([a-z]{2})(?:_[A-Z]{2})?\.UTF-8: (.*(?:\n .*)*)", RegexOptions.Multiline)]
    private static partial Regex Field();

    [Fact]
    public void Rows_in_other_languages_are_removed_and_code_does_not_count()
    {
        var filter = new LanguageFilter { Keep = ["zh"] };
        var reasons = filter.Reasons(
            Rows.Chat("你好，请问今天的天气怎么样？", "今天天气很好。\n```python\nfor the_item in the_list_of_all: print(the_item)\n```"),
            Rows.Chat("How is the weather today?", "The weather is nice."),
            Rows.Text("42"));
        Assert.Null(reasons[0]);
        Assert.StartsWith("the language is en", reasons[1], StringComparison.Ordinal);
        Assert.Null(reasons[2]);
    }

    [Fact]
    public void A_language_that_cannot_be_told_is_refused() =>
        Assert.Contains("xx", Assert.Throws<OperatorException>(() => new LanguageFilter { Keep = ["xx"] }.Prepare()).Message, StringComparison.Ordinal);
}
