using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Localization;

namespace Workbench.Web.Languages;

/// <summary>
/// The pages' words in one language; a sentence that has no translation stays English. Numbers are written alike in every language, so arguments
/// are formatted invariantly.
/// </summary>
/// <remarks>
/// One for each request and each open page: the language is that of the thread which makes it. Later the thread does not tell, because what a
/// run reports to an open page comes on a thread of the run.
/// </remarks>
public sealed class WordsLocalizer : IStringLocalizer<Words>
{
    private static readonly Lazy<FrozenDictionary<string, FrozenDictionary<string, string>>> Catalogue = new(Load);

    private readonly FrozenDictionary<string, string>? own;

    /// <summary>In the language of the thread (<see cref="CultureInfo.CurrentUICulture"/>).</summary>
    public WordsLocalizer()
    {
        Language = CultureInfo.CurrentUICulture.Name;
        own = Catalogue.Value.GetValueOrDefault(Language);
    }

    /// <summary>Its tag.</summary>
    public string Language { get; }

    public LocalizedString this[string name] => Find(name) is { } found ? new(name, found) : new(name, name, resourceNotFound: true);

    public LocalizedString this[string name, params object[] arguments]
    {
        get
        {
            var found = Find(name);
            return new(name, string.Format(CultureInfo.InvariantCulture, found ?? name, arguments), resourceNotFound: found is null);
        }
    }

    /// <summary>Every sentence that the language of the request has, or nothing for English.</summary>
    public IEnumerable<LocalizedString> GetAllStrings(bool includeParentCultures) =>
        own?.Select(pair => new LocalizedString(pair.Key, pair.Value)) ?? [];

    /// <summary>
    /// What the browser's own scripts say, as a JSON object safe inside a script element; null in English, where they need nothing.
    /// </summary>
    public static string? InBrowser()
    {
        using var stream = typeof(WordsLocalizer).Assembly.GetManifestResourceStream($"Languages/{CultureInfo.CurrentUICulture.Name}/browser.json");
        return stream is null ? null : JsonSerializer.Serialize(JsonSerializer.Deserialize<Dictionary<string, string>>(stream, AreaOptions));
    }

    private string? Find(string name) => own?.GetValueOrDefault(name);

    /// <summary>Resources are named <c>Languages/zh-CN/runs.json</c>: language, then area. The same sentence in two areas must be said alike.</summary>
    private static FrozenDictionary<string, FrozenDictionary<string, string>> Load()
    {
        var assembly = typeof(WordsLocalizer).Assembly;
        var languages = new Dictionary<string, Dictionary<string, string>>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith("Languages/", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var area = JsonSerializer.Deserialize<Dictionary<string, string>>(stream, AreaOptions)!;
            var language = resource.Split('/')[1];
            if (!languages.TryGetValue(language, out var words))
            {
                languages.Add(language, words = []);
            }

            foreach (var (english, translated) in area)
            {
                if (!words.TryAdd(english, translated) && words[english] != translated)
                {
                    throw new InvalidDataException($"{resource} translates \"{english}\" otherwise than another file of {language}; say it alike, or word the English differently.");
                }
            }
        }

        return languages.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.ToFrozenDictionary());
    }

    private static readonly JsonSerializerOptions AreaOptions = new() { AllowDuplicateProperties = false, ReadCommentHandling = JsonCommentHandling.Skip };
}
