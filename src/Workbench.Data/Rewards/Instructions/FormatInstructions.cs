using System.Text;
using System.Text.RegularExpressions;
using Workbench.Data.Formats;

namespace Workbench.Data.Rewards.Instructions;

/// <summary>IFEval's instructions about what an answer looks like.</summary>
internal static partial class FormatInstructions
{
    private static readonly string[] Constrained = ["My answer is yes.", "My answer is no.", "My answer is maybe."];

    /// <summary>Placeholders such as [name].</summary>
    public static bool Placeholders(string answer, InstructionArguments arguments) => Placeholder().Count(answer) >= arguments.Number("num_placeholders");

    /// <summary>A postscript is there; "P.S." and "P.P.S" may have spaces between.</summary>
    public static bool Postscript(string answer, InstructionArguments arguments)
    {
        var text = answer.ToLowerInvariant();
        return arguments.Text("postscript_marker") switch
        {
            "P.P.S" => PostPostscript().IsMatch(text),
            "P.S." => PostscriptMark().IsMatch(text),
            var marker => text.Contains(marker.ToLowerInvariant(), StringComparison.Ordinal),
        };
    }

    /// <summary>Lines that begin with an asterisk or a hyphen, exactly so many.</summary>
    public static bool Bullets(string answer, InstructionArguments arguments) => Asterisked().Count(answer) + Hyphened().Count(answer) == arguments.Number("num_bullets");

    public static bool ConstrainedResponse(string answer, InstructionArguments arguments) =>
        Array.Exists(Constrained, option => answer.Contains(option, StringComparison.Ordinal));

    /// <summary>Parts between asterisks, at least so many.</summary>
    public static bool Highlights(string answer, InstructionArguments arguments) =>
        Single().Matches(answer).Count(match => match.Value.Trim('*').Trim().Length > 0)
        + Double().Matches(answer).Count(match => match.Value[2..^2].Trim().Length > 0) >= arguments.Number("num_highlights");

    /// <summary>Sections that begin with a word and a number, at least so many.</summary>
    public static bool Sections(string answer, InstructionArguments arguments) =>
        Regex.Count(answer, $@"\s?{Regex.Escape(arguments.Text("section_spliter"))}\s?\d+\s?") >= arguments.Number("num_sections");

    /// <summary>All of the answer is JSON, in a fence or not.</summary>
    public static bool Json(string answer, InstructionArguments arguments)
    {
        try
        {
            RowParser.ParseJson(Encoding.UTF8.GetBytes(JsonSchemaReward.Unfenced(answer)));
            return true;
        }
        catch (RowFormatException)
        {
            return false; // which is the finding
        }
    }

    /// <summary>A title in double angular brackets.</summary>
    public static bool Title(string answer, InstructionArguments arguments) =>
        TitleMark().Matches(answer).Any(match => match.Value.TrimStart('<').TrimEnd('>').Trim().Length > 0);

    /// <summary>Two different answers with six asterisks between.</summary>
    public static bool TwoResponses(string answer, InstructionArguments arguments)
    {
        var parts = answer.Split("******");
        var told = new List<string>();
        for (var i = 0; i < parts.Length; i++)
        {
            if (!string.IsNullOrWhiteSpace(parts[i]))
            {
                told.Add(parts[i].Trim());
            }
            else if (i != 0 && i != parts.Length - 1)
            {
                return false;
            }
        }

        return told.Count == 2 && told[0] != told[1];
    }

    [GeneratedRegex(@"\[.*?\]", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"p\.\s?p\.\s?s", RegexOptions.CultureInvariant)]
    private static partial Regex PostPostscript();

    [GeneratedRegex(@"p\.\s?s\.", RegexOptions.CultureInvariant)]
    private static partial Regex PostscriptMark();

    [GeneratedRegex(@"^\s*\*[^*].*$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Asterisked();

    [GeneratedRegex(@"^\s*-.*$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Hyphened();

    [GeneratedRegex(@"\*[^\n*]*\*", RegexOptions.CultureInvariant)]
    private static partial Regex Single();

    [GeneratedRegex(@"\*\*[^\n*]*\*\*", RegexOptions.CultureInvariant)]
    private static partial Regex Double();

    [GeneratedRegex(@"<<[^\n]+>>", RegexOptions.CultureInvariant)]
    private static partial Regex TitleMark();
}
