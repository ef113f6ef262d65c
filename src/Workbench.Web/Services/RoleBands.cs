using System.Text.Json;
using Workbench.Language.Chat.Templates;

namespace Workbench.Web.Services;

/// <summary>Cuts a rendering into its turns.</summary>
/// <remarks>
/// What a message said is known from the source map. The template's text between two messages ends the one and begins the other: it is
/// cut where the template goes back to an earlier place, which is where its loop begins anew.
/// </remarks>
internal static class RoleBands
{
    /// <param name="spans">The source map.</param>
    /// <param name="messages">The messages, for their roles.</param>
    /// <param name="promptStart">Where the generation prompt begins.</param>
    public static IReadOnlyList<RoleBand> Of(IReadOnlyList<SourceSpan> spans, JsonElement messages, int promptStart)
    {
        var owners = Owners(spans, promptStart);
        var bands = new List<RoleBand>();
        for (var i = 0; i < spans.Count; i++)
        {
            var (start, end) = (spans[i].Start, Math.Min(spans[i].End, promptStart));
            if (start < end)
            {
                Add(bands, start, end, owners[i] is { } message ? RoleOf(messages, message) : RoleBand.TemplateText, owners[i]);
            }
        }

        if (spans.Count > 0 && promptStart < spans[^1].End)
        {
            bands.Add(new RoleBand(promptStart, spans[^1].End, RoleBand.GenerationPrompt, null));
        }

        return bands;
    }

    private static int?[] Owners(IReadOnlyList<SourceSpan> spans, int promptStart)
    {
        var owners = spans.Select(span => span.MessageIndex).ToArray();
        var known = Enumerable.Range(0, spans.Count).Where(i => owners[i] is not null && spans[i].Start < promptStart).ToArray();
        if (known.Length == 0)
        {
            return owners;
        }

        SourceSpan? loop = null;
        for (var k = 1; k < known.Length; k++)
        {
            var (left, right) = (known[k - 1], known[k]);
            var cut = owners[left] == owners[right] ? right : Cut(spans, left, right);
            loop ??= cut > left + 1 && cut < right && Before(spans[cut], spans[cut - 1]) ? spans[cut] : null;
            Array.Fill(owners, owners[left], left, cut - left);
            Array.Fill(owners, owners[right], cut, right - cut);
        }

        // What stands before the loop's first text is the template's own, such as a default system prompt.
        var first = known[0];
        var begin = loop is null ? 0 : Enumerable.Range(0, first).FirstOrDefault(i => !Before(spans[i], loop), first);
        Array.Fill(owners, owners[first], begin, first - begin);
        Array.Fill(owners, owners[known[^1]], known[^1], owners.Length - known[^1]);
        return owners;
    }

    /// <summary>The first span between two messages that belongs to the second.</summary>
    private static int Cut(IReadOnlyList<SourceSpan> spans, int left, int right)
    {
        for (var i = left + 1; i <= right; i++)
        {
            if (Before(spans[i], spans[i - 1]))
            {
                return i;
            }
        }

        // Another branch, further down: the text right behind a message, on its line, still ends it.
        return left + 1 < right && (right - left > 2 || spans[left + 1].TemplateLine == spans[left].TemplateLine) ? left + 2 : left + 1;
    }

    private static bool Before(SourceSpan one, SourceSpan other) =>
        (one.TemplateLine ?? 0, one.TemplateColumn ?? 0).CompareTo((other.TemplateLine ?? 0, other.TemplateColumn ?? 0)) < 0;

    private static string RoleOf(JsonElement messages, int index) =>
        messages.ValueKind == JsonValueKind.Array && index < messages.GetArrayLength()
        && messages[index].ValueKind == JsonValueKind.Object && messages[index].TryGetProperty("role", out var role)
            ? role.ToString()
            : RoleBand.TemplateText;

    private static void Add(List<RoleBand> bands, int start, int end, string role, int? message)
    {
        if (bands.Count > 0 && bands[^1].Message == message)
        {
            bands[^1] = bands[^1] with { End = end };
        }
        else
        {
            bands.Add(new RoleBand(start, end, role, message));
        }
    }
}
