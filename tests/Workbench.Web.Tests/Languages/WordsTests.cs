using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Workbench.Testing;
using Workbench.Web.Languages;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Languages;

/// <summary>The pages' words in each language, held against the sources that say them.</summary>
public sealed partial class WordsTests
{
    private static readonly string Web = Path.Combine(Shared.Root, "src", "Workbench.Web");
    private static readonly string Scripts = Path.Combine(Shared.Root, "wwwroot-assets", "src");

    [Fact]
    public void Every_sentence_of_the_pages_has_its_Chinese()
    {
        var known = Catalogue().Select(entry => entry.English).ToHashSet();
        Assert.Equal([], Sources(Web, "*.razor", "*.cs").SelectMany(source => Said().Matches(source)).Select(Unescaped).Concat(CountedThings()).Except(known).Order());
    }

    [Fact]
    public void Every_sentence_of_the_scripts_has_its_Chinese()
    {
        var known = Catalogue().Where(entry => entry.Area == "browser.json").Select(entry => entry.English).ToHashSet();
        Assert.Equal([], Sources(Scripts, "*.ts").SelectMany(source => Phrased().Matches(source)).Select(Unescaped).Except(known).Order());
    }

    [Fact]
    public void No_translation_is_left_over_from_words_that_are_gone()
    {
        var sources = string.Concat(Sources(Web, "*.razor", "*.cs").Concat(Sources(Scripts, "*.ts")));
        Assert.Equal([], Catalogue().Where(entry => entry.Area != Messages).Select(entry => entry.English).Except(CountedThings()).Where(english => !sources.Contains(Literal(english), StringComparison.Ordinal)).Order());
    }

    [Fact]
    public void Every_translated_message_is_still_made_somewhere()
    {
        var sources = Sources(Path.Combine(Shared.Root, "src"), "*.cs", "*.razor").Select(source => Joint().Replace(source, "")).ToList();
        bool Made(string english) => sources.Exists(source => Place().Split(english).All(part =>
            source.Contains(Literal(part)[1..^1], StringComparison.Ordinal)
            || source.Contains(Literal(part)[1..^1].Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal), StringComparison.Ordinal)));
        Assert.Equal([], Catalogue().Where(entry => entry.Area == Messages && !Made(entry.English)).Select(entry => entry.English).Order());
    }

    [Theory]
    [InlineData("The tokenizer has no token <|end|>.", "分词器没有词元 <|end|>。")]
    [InlineData("A system message is refused: TemplateError: Only \"user\" is known.", "系统消息被拒绝：TemplateError: Only \"user\" is known.")]
    [InlineData("Before the second answer the prompt goes on with \"a\", the training text with \"b\".", "在第二个回答之前，提示接着是 \"a\"，训练文本接着是 \"b\"。")]
    [InlineData("Nobody translated this.", "Nobody translated this.")]
    [InlineData("", "")]
    public void A_message_that_was_made_in_English_is_shown_in_Chinese(string message, string expected)
    {
        Assert.Equal(expected, In("zh-CN").Said(message));
        Assert.Equal(message, In("en").Said(message));
    }

    [Fact]
    public void A_page_keeps_its_language_on_whatever_thread_it_is_told_something()
    {
        var words = In("zh-CN");
        Assert.NotEqual("zh-CN", CultureInfo.CurrentUICulture.Name);
        Assert.Equal("对话", words["Conversation"]);
    }

    private static WordsLocalizer In(string language)
    {
        var before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
            return new WordsLocalizer();
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    [Fact]
    public void A_translation_fills_in_what_the_English_does()
    {
        Assert.NotEmpty(Catalogue());
        Assert.All(Catalogue(), entry => Assert.Equal(Places(entry.English), Places(entry.Chinese)));
    }

    [Theory]
    [InlineData(null, null, "en")]
    [InlineData(null, "de-DE,de;q=0.9", "en")]
    [InlineData(null, "de;q=0.9,zh-Hans;q=0.8,en;q=0.7", "zh-CN")]
    [InlineData(null, "en-GB,zh;q=0.5", "en")]
    [InlineData("workbench-language=zh-CN", "en", "zh-CN")]
    [InlineData("workbench-language=en", "zh-CN", "en")]
    public async Task The_language_is_the_chosen_one_then_the_browsers_then_English(string? cookie, string? accepted, string expected)
    {
        await using var app = await TestApp.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("Cookie", cookie);
        request.Headers.TryAddWithoutValidation("Accept-Language", accepted);
        using var response = await app.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains($"<html lang=\"{expected}\"", page, StringComparison.Ordinal);
        Assert.Equal(expected == "zh-CN", page.Contains("\"phrases\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/language/zh-CN?back=%2Fruns%3Fx%3D1", "/runs?x=1", true)]
    [InlineData("/language/zh-CN?back=%2F%2Fevil.example", "/", true)]
    [InlineData("/language/xx", "/", false)]
    public async Task Choosing_a_language_is_remembered_and_leads_back_to_the_page_only(string address, string back, bool remembered)
    {
        await using var app = await TestApp.StartAsync();
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = app.Http.BaseAddress };
        using var response = await client.GetAsync(address, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal(back, response.Headers.Location!.ToString());
        Assert.Equal(remembered, response.Headers.Contains("Set-Cookie"));
    }

    private const string Messages = "messages.json";

    private static List<(string Area, string English, string Chinese)> Catalogue() =>
        [.. Directory.GetFiles(Path.Combine(Web, "Languages", "zh-CN")).SelectMany(file => JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(file))!
            .Select(entry => (Path.GetFileName(file), entry.Key, entry.Value)))];

    /// <summary>"{0} rows" of <c>L.Of(count, "row")</c>.</summary>
    private static IEnumerable<string> CountedThings() =>
        Sources(Web, "*.razor", "*.cs").SelectMany(source => Counted().Matches(source)).Select(match => "{0} " + match.Groups[1].Value + "s");

    private static IEnumerable<string> Sources(string folder, params string[] kinds) =>
        kinds.SelectMany(kind => Directory.EnumerateFiles(folder, kind, SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).Select(File.ReadAllText);

    private static string Unescaped(Match match) => JsonSerializer.Deserialize<string>($"\"{match.Groups[1].Value}\"")!;

    private static string Literal(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";

    private static string[] Places(string text) => [.. Place().Matches(text).Select(match => match.Value).Distinct().Order()];

    [GeneratedRegex("""\b(?:L|words)\["((?:[^"\\\r\n]|\\["\\n])*)"[\],]""")]
    private static partial Regex Said();

    [GeneratedRegex("""\bphrase\("((?:[^"\\\r\n]|\\["\\n])*)"[),]""")]
    private static partial Regex Phrased();

    [GeneratedRegex("""\b(?:L|words)\.Of\([^"\r\n]*"([a-z -]+)"\)""")]
    private static partial Regex Counted();

    /// <summary>Between the parts of a sentence that runs over several lines.</summary>
    [GeneratedRegex("""
        "\s*\+\s*\$?"
        """)]
    private static partial Regex Joint();

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Place();
}
