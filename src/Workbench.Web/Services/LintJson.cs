using System.Text.Json;
using Workbench.Language.Chat.Lint;

namespace Workbench.Web.Services;

/// <summary>A finding as <c>{"rule","severity","line","column","message","fix","explanation","subject"}</c>.</summary>
internal static class LintJson
{
    public static void Write(Utf8JsonWriter json, LintFinding finding)
    {
        json.WriteStartObject();
        json.WriteString("rule", finding.Rule);
        json.WriteString("severity", JsonNamingPolicy.KebabCaseLower.ConvertName(finding.Severity.ToString()));
        WriteNumber("line", finding.Line);
        WriteNumber("column", finding.Column);
        json.WriteString("message", finding.Message);
        json.WriteString("fix", finding.Fix);
        json.WriteString("explanation", finding.Explanation);
        json.WriteString("subject", finding.Subject);
        json.WriteEndObject();

        void WriteNumber(string name, int? value)
        {
            if (value is { } number)
            {
                json.WriteNumber(name, number);
            }
            else
            {
                json.WriteNull(name);
            }
        }
    }
}
