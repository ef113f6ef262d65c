using System.Diagnostics;
using Workbench.Language.Chat.Templates;

namespace Workbench.Benchmarks.Fuzz;

/// <summary>
/// Renders damaged templates within tight limits. Each must give a text (whose source map covers it) or a
/// <see cref="TemplateException"/>; anything else is a violation.
/// </summary>
internal sealed class MutationFuzz(IReadOnlyList<string> sources, IReadOnlyList<ChatRequest> requests, int seed)
{
    private static readonly RenderOptions Plain =
        new() { MaxSteps = 200_000, MaxOutputLength = 1_000_000, MaxMemory = 64 << 20, MaxTime = TimeSpan.FromSeconds(10) };

    private static readonly RenderOptions Mapped = Plain with { SourceMap = true };

    private readonly TemplateMutator mutator = new(sources);

    /// <summary>How often each outcome came: text, or the class of the error.</summary>
    public SortedDictionary<string, int> Outcomes { get; } = [];

    /// <summary>Templates (by number) that did what none may, and what.</summary>
    public List<(int Number, string What)> Violations { get; } = [];

    /// <summary>The template that took longest.</summary>
    public (int Number, TimeSpan Time) Slowest { get; private set; }

    public string TemplateOf(int number) => mutator.Mutate(seed, number);

    public void Run(int number)
    {
        var started = Stopwatch.GetTimestamp();
        var outcome = Render(TemplateOf(number), requests[number % requests.Count], number % 2 == 0 ? Plain : Mapped, number);
        Outcomes[outcome] = Outcomes.GetValueOrDefault(outcome) + 1;
        var time = Stopwatch.GetElapsedTime(started);
        Slowest = time > Slowest.Time ? (number, time) : Slowest;
    }

    private string Render(string template, ChatRequest request, RenderOptions options, int number)
    {
        try
        {
            var rendered = ChatTemplate.Parse(template).Render(request, options);
            if (rendered.SourceMap is { } map && !Covers(map, rendered.Text))
            {
                Violations.Add((number, "the source map does not cover the text in order"));
            }

            return "text";
        }
        catch (TemplateException error) when (error.Message.Length > 0 && error.Type.EndsWith("Error", StringComparison.Ordinal) && error.Line is null or > 0)
        {
            return error.Type;
        }
#pragma warning disable CA1031 // Whatever else escapes is what this looks for.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Violations.Add((number, error.ToString()));
            return "violation";
        }
    }

    private static bool Covers(SourceMap map, string text)
    {
        var end = 0;
        foreach (var span in map.Spans)
        {
            if (span.Start != end || span.End <= span.Start || span.TemplateLine is null or < 1 || span.TemplateColumn is null or < 1)
            {
                return false;
            }

            end = span.End;
        }

        return end == text.Length;
    }
}
