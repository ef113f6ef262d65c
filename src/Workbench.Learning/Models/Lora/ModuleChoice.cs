using System.Text.RegularExpressions;

namespace Workbench.Learning.Models.Lora;

/// <summary>
/// Which modules of a model are meant, in PEFT's three ways: names, each the whole name of a module or its end behind a dot; one text,
/// a regular expression over whole names; or the word <c>all-linear</c>.
/// </summary>
public sealed record ModuleChoice
{
    private const string EveryLinear = "all-linear";
    private static readonly TimeSpan MatchTime = TimeSpan.FromSeconds(1);

    private readonly Regex? _pattern;

    private ModuleChoice(IReadOnlyList<string> names, Regex? pattern) => (Names, _pattern) = (names, pattern);

    /// <summary>Names; empty where the choice is a <see cref="Text"/>.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The regular expression or <c>all-linear</c>; null where the choice is by names.</summary>
    public string? Text { get; private init; }

    /// <summary>Every projection of every layer; the output projection is not among them, as in PEFT.</summary>
    public static ModuleChoice AllLinear { get; } = new([], null) { Text = EveryLinear };

    /// <summary>What PEFT targets in the families of decoders here where it is not told.</summary>
    public static ModuleChoice Default { get; } = Of("q_proj", "v_proj");

    public static ModuleChoice Of(params IReadOnlyList<string> names) => new(names, null);

    /// <summary>A regular expression that has to match the whole name, or <c>all-linear</c>.</summary>
    /// <exception cref="ModelException">It is no regular expression.</exception>
    public static ModuleChoice Parse(string text)
    {
        if (text.Equals(EveryLinear, StringComparison.OrdinalIgnoreCase))
        {
            return AllLinear;
        }

        try
        {
            return new ModuleChoice([], new Regex($@"\A(?:{text})\z", RegexOptions.CultureInvariant, MatchTime)) { Text = text };
        }
        catch (ArgumentException error)
        {
            throw new ModelException($"\"{text}\" is no regular expression over module names ({error.Message}): correct it, or give a list of names.", error);
        }
    }

    /// <exception cref="ModelException">The regular expression takes too long.</exception>
    public bool Matches(string module)
    {
        if (Text == EveryLinear)
        {
            return true;
        }

        try
        {
            return _pattern?.IsMatch(module)
                ?? Names.Any(name => module == name || module.EndsWith("." + name, StringComparison.Ordinal));
        }
        catch (RegexMatchTimeoutException error)
        {
            throw new ModelException($"The regular expression \"{Text}\" takes too long over module names: simplify it.", error);
        }
    }

    public override string ToString() => Text ?? string.Join(", ", Names);
}
