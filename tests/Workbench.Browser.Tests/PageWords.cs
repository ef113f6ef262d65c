using System.Text.Json;

namespace Workbench.Browser.Tests;

/// <summary>What the pages say in a language, from the application's own catalogue; English is its keys.</summary>
internal sealed class PageWords
{
    private readonly Dictionary<string, string> words = new(StringComparer.Ordinal);

    /// <param name="language">en or the name of a folder of <c>Languages</c>.</param>
    public PageWords(string language)
    {
        if (language == "en")
        {
            return;
        }

        foreach (var file in Directory.GetFiles(Path.Combine(Shared.Root, "src", "Workbench.Web", "Languages", language), "*.json"))
        {
            foreach (var (english, said) in JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(file))!)
            {
                words[english] = said;
            }
        }
    }

    /// <summary>The sentence; what has no translation would be looked for in English, and not be found.</summary>
    public string this[string english] => words.GetValueOrDefault(english, english);
}
