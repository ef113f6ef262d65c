using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Localization;

namespace Workbench.Web.Languages;

/// <summary>
/// Messages that were made in English far from any page (by the linter, the mask builder, services that also serve programs), in the language of the
/// request. The catalogue's sentences with <c>{0}</c> are patterns here: one that fits tells what stood in its places, and its translation is filled with
/// that. A message that none fits stays English, as every answer to programs does.
/// </summary>
public static partial class SaidWords
{
    private static readonly TimeSpan Bound = TimeSpan.FromMilliseconds(50);
    private static readonly ConcurrentDictionary<string, Pattern[]> Patterns = new(StringComparer.Ordinal);

    /// <summary>The message in the language of the request.</summary>
    /// <param name="words">The pages' words.</param>
    /// <param name="message">In English; null stays null.</param>
    public static string Said(this IStringLocalizer<Words> words, string? message)
    {
        if (string.IsNullOrEmpty(message) || message.Length > 4000)
        {
            return message ?? "";
        }

        if (words[message] is { ResourceNotFound: false } whole)
        {
            return whole.Value;
        }

        foreach (var pattern in Patterns.GetOrAdd((words as WordsLocalizer)?.Language ?? "", _ => Compile(words)))
        {
            if (pattern.Match(message) is { } places)
            {
                return string.Format(CultureInfo.InvariantCulture, pattern.Translation, [.. places.Select(place => (object)words.Said(place))]);
            }
        }

        // "What was refused: the reason in the words of whoever refused it."
        return message.IndexOf(": ", StringComparison.Ordinal) is var colon and > 0 && words[message[..colon]] is { ResourceNotFound: false } said
            ? $"{said.Value}：{words.Said(message[(colon + 2)..])}"
            : message;
    }

    private static Pattern[] Compile(IStringLocalizer<Words> words) =>
    [
        .. words.GetAllStrings().Where(entry => entry.Name.Contains("{0}", StringComparison.Ordinal)).Select(entry => new Pattern(entry.Name, entry.Value))
            .Where(pattern => pattern.Fixed >= 8).OrderByDescending(pattern => pattern.Fixed), // the most particular first; "{0} of {1}" fits anything
    ];

    private sealed partial class Pattern
    {
        private readonly string beginning;
        private readonly Regex regex;
        private readonly int[] order;

        public Pattern(string english, string translation)
        {
            Translation = translation;
            var parts = Place().Split(english);
            order = [.. Place().Matches(english).Select(match => int.Parse(match.ValueSpan[1..^1], CultureInfo.InvariantCulture))];
            beginning = parts[0];
            Fixed = parts.Sum(part => part.Length);
            regex = new Regex($"^{string.Join("(.+?)", parts.Select(Regex.Escape))}$", RegexOptions.CultureInvariant | RegexOptions.Singleline, Bound);
        }

        public string Translation { get; }

        /// <summary>Characters that are the pattern's own.</summary>
        public int Fixed { get; }

        /// <summary>What stood in its places, by their numbers; null where the message is another.</summary>
        public string[]? Match(string message)
        {
            if (!message.StartsWith(beginning, StringComparison.Ordinal))
            {
                return null;
            }

            try
            {
                if (regex.Match(message) is not { Success: true } match)
                {
                    return null;
                }

                var places = new string[order.Max() + 1];
                Array.Fill(places, "");
                foreach (var (index, place) in order.Index())
                {
                    places[place] = match.Groups[index + 1].Value;
                }

                return places;
            }
            catch (RegexMatchTimeoutException)
            {
                return null; // better English than late
            }
        }

        [GeneratedRegex(@"\{\d\}")]
        private static partial Regex Place();
    }
}
