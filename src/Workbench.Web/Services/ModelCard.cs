using System.Text.RegularExpressions;

namespace Workbench.Web.Services;

/// <summary>What a model's README.md says in its front matter, as the Hub reads it.</summary>
/// <param name="License">The licence's short name, or the name of a licence file; null where the folder has neither.</param>
/// <param name="BaseModel">The model that this one was made from, by its own word.</param>
public sealed partial record ModelCard(string? License, string? BaseModel)
{
    private const int MostCharacters = 64 << 10;

    /// <summary>Reads the folder's card; what is missing or cannot be read is null.</summary>
    public static ModelCard Read(string directory)
    {
        var head = Head(Path.Combine(directory, "README.md"));
        var license = Value(head, "license");
        return new ModelCard(license is null or "other" ? Value(head, "license_name") ?? license ?? File(directory) : license, Value(head, "base_model"));
    }

    private static string? File(string directory) => Directory.Exists(directory)
        ? Directory.EnumerateFiles(directory).Select(Path.GetFileName).FirstOrDefault(name => LicenceFile().IsMatch(name!))
        : null;

    /// <summary>The lines between the first two <c>---</c>.</summary>
    private static string Head(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            var buffer = new char[MostCharacters];
            var text = new string(buffer, 0, reader.ReadBlock(buffer)).ReplaceLineEndings("\n");
            var end = text.StartsWith("---\n", StringComparison.Ordinal) ? text.IndexOf("\n---", 3, StringComparison.Ordinal) : -1;
            return end > 0 ? text[..end] : "";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return ""; // a model without a card
        }
    }

    /// <summary>A key's text, or the first of its list: the front matter of a card is YAML of this simple kind.</summary>
    private static string? Value(string head, string key)
    {
        var match = Regex.Match(head, $@"^{key}:[ \t]*(?:\n[ \t]*-[ \t]*)?(?<value>[^\n]+)$", RegexOptions.Multiline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        var value = match.Success ? match.Groups["value"].Value.Trim().Trim('"', '\'', '[', ']').Trim() : "";
        return value.Length > 0 ? value : null;
    }

    [GeneratedRegex(@"^(LICENSE|LICENCE)(\.txt|\.md)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex LicenceFile();
}
