using System.Text;
using System.Text.Json.Nodes;

namespace Workbench.Benchmarks.Differential.Tokenizers;

/// <summary>Texts for one tokenizer, given as a file or as the JSON itself.</summary>
/// <param name="Name">What to call it in a report.</param>
/// <param name="File">A tokenizer.json, whose truncation and padding are left aside; or null.</param>
/// <param name="Json">The tokenizer's JSON; or null.</param>
/// <param name="Rows">What to encode.</param>
internal sealed record TokenizerJob(string Name, string? File, JsonObject? Json, IReadOnlyList<TokenizerRow> Rows)
{
    /// <summary>The job as a line for the driver.</summary>
    public string ToJson()
    {
        var text = new StringBuilder("{");
        text.Append(File is null ? $"\"json\":{Json!.ToJsonString()}" : $"\"file\":{Literal(File)}").Append(",\"rows\":[");
        text.AppendJoin(',', Rows.Select(row =>
            $"{{\"text\":{Literal(row.Text)}{(row.Pair is null ? "" : $",\"pair\":{Literal(row.Pair)}")},\"special\":{(row.AddSpecialTokens ? "true" : "false")}}}"));
        return text.Append("]}").ToString();
    }

    /// <summary>A JSON string literal that keeps lone surrogates, as System.Text.Json's writer does not.</summary>
    public static string Literal(string value)
    {
        var text = new StringBuilder("\"", value.Length + 2);
        foreach (var c in value)
        {
            text.Append(c is >= ' ' and < '\u007F' and not '"' and not '\\' ? c.ToString() : $"\\u{(int)c:x4}");
        }

        return text.Append('"').ToString();
    }
}

/// <summary>What is encoded, and how.</summary>
internal sealed record TokenizerRow(string Text, string? Pair = null, bool AddSpecialTokens = true);
