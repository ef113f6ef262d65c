using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Workbench.Web.Components.Shared;
using Workbench.Web.Persistence.Entities;

namespace Workbench.Web.Services.Watching;

/// <summary>A run as one HTML file that needs nothing else: curves as SVG, last and best values, alerts, configuration, log.</summary>
public static class RunReport
{
    private const string Style = """
        :root{color-scheme:light dark;--line:light-dark(#dfe5e8,#2c373d);--muted:light-dark(#55646b,#a3b1b8);--accent:light-dark(#08697d,#5cc2d6);--eval:light-dark(#b3541e,#f0a36b)}
        body{font:14px/1.5 system-ui,sans-serif;margin:0 auto;max-width:1100px;padding:24px;background:light-dark(#fff,#1a2226);color:light-dark(#1d292e,#e4eaec)}
        h1{font-size:22px}h2{font-size:16px;margin-top:28px}figure{margin:0;border:1px solid var(--line);border-radius:6px;padding:8px}figcaption{font:600 12.5px ui-monospace,monospace}
        .charts{display:grid;gap:12px;grid-template-columns:repeat(auto-fill,minmax(320px,1fr))}svg{width:100%;height:170px}polyline{fill:none;stroke:var(--accent);stroke-width:1.5;vector-effect:non-scaling-stroke}
        polyline.eval{stroke:var(--eval);stroke-dasharray:5 3}.range{color:var(--muted);font-size:12px}table{border-collapse:collapse}td,th{text-align:left;padding:3px 16px 3px 0;border-bottom:1px solid var(--line);vertical-align:top}
        pre{white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid var(--line);border-radius:6px;padding:10px;font-size:12.5px}
        """;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the report, in English: it is read away from the workbench.</summary>
    /// <param name="run">The run.</param>
    /// <param name="columns">Its history.</param>
    /// <param name="alerts">What its history shows.</param>
    /// <param name="log">The end of its log.</param>
    public static string Write(RunEntry run, RunColumns columns, IReadOnlyList<RunAlert> alerts, string log)
    {
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{Text(run.Name)}</title><style>{Style}</style>");
        html.Append(CultureInfo.InvariantCulture, $"<h1>{Text(run.Name)}</h1><table><tr><th>Status<td>{Text(run.Status.ToString().ToLowerInvariant())}");
        html.Append(CultureInfo.InvariantCulture, $"<tr><th>Method<td>{Text(run.Method)}<tr><th>Steps<td>{run.Step} of {run.TotalSteps?.ToString(CultureInfo.InvariantCulture) ?? "?"}");
        html.Append(CultureInfo.InvariantCulture, $"<tr><th>Created<td>{run.CreatedAt:yyyy-MM-dd HH:mm:ss} UTC");
        if (run is { StartedAt: { } started, FinishedAt: { } finished })
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><th>Took<td>{Text(Figures.Duration(finished - started))}");
        }

        html.Append("</table>");
        if (run.StatusReason is { } reason)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p>{Text(reason)}</p>");
        }

        if (alerts.Count > 0)
        {
            html.Append("<h2>Alerts</h2><ul>");
            foreach (var alert in alerts)
            {
                html.Append(CultureInfo.InvariantCulture, $"<li>{Text(alert.Kind.ToString())}: {Text(alert.Metric)} = {alert.Value:G5} at step {alert.Step}</li>");
            }

            html.Append("</ul>");
        }

        html.Append("<h2>Metrics</h2><div class=\"charts\">");
        foreach (var name in columns.Names.Where(name => !(name.StartsWith("eval_", StringComparison.Ordinal) && columns.Names.Contains(name["eval_".Length..]))))
        {
            html.Append(Chart(columns, name));
        }

        html.Append("</div>");
        Best(html, columns);
        using var config = JsonDocument.Parse(run.Config);
        html.Append(CultureInfo.InvariantCulture, $"<h2>Configuration</h2><pre>{Text(JsonSerializer.Serialize(config, Indented))}</pre><h2>Log</h2><pre>{Text(log)}</pre></html>");
        return html.ToString();
    }

    private static void Best(StringBuilder html, RunColumns columns)
    {
        html.Append("<h2>Best values</h2><table><tr><th>Metric<th>Value<th>Step");
        foreach (var row in RunComparison.Best([columns]))
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><td><code>{Text(row.Metric)}</code><td>{Figures.Metric(row.Values[0]!.Value)}<td>{row.Values[0]!.Step}");
        }

        html.Append("</table>");
    }

    private static string Chart(RunColumns columns, string name)
    {
        var evaluated = "eval_" + name;
        List<(string Name, List<(double X, double Y)> Points)> curves = [(name, ReportCurve.Of(columns, name))];
        if (columns.Names.Contains(evaluated))
        {
            curves.Add((evaluated, ReportCurve.Of(columns, evaluated)));
        }

        var finite = curves.SelectMany(curve => curve.Points).Where(point => double.IsFinite(point.Y)).ToList();
        if (finite.Count == 0)
        {
            return $"<figure><figcaption>{Text(name)}</figcaption><p class=\"range\">no finite value</p></figure>";
        }

        var (left, right, low, high) = (finite.Min(point => point.X), finite.Max(point => point.X), finite.Min(point => point.Y), finite.Max(point => point.Y));
        var svg = new StringBuilder();
        foreach (var (curve, points) in curves)
        {
            foreach (var line in ReportCurve.Unbroken(points))
            {
                svg.Append(CultureInfo.InvariantCulture, $"<polyline{(curve == name ? "" : " class=\"eval\"")} points=\"");
                foreach (var (x, y) in line)
                {
                    svg.Append(CultureInfo.InvariantCulture, $"{Scale(x, left, right) * 100:0.##},{100 - (Scale(y, low, high) * 100):0.##} ");
                }

                svg.Append("\"/>");
            }
        }

        var last = curves[0].Points.FindLast(point => double.IsFinite(point.Y)).Y;
        return $"<figure><figcaption>{Text(name)} {Figures.Metric(last)}</figcaption><svg viewBox=\"0 -2 100 104\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{Text(name)}\">{svg}</svg>"
            + $"<div class=\"range\">{Figures.Metric(low)} to {Figures.Metric(high)}, steps {left:0} to {right:0}</div></figure>";
    }

    private static double Scale(double value, double low, double high) => high > low ? (value - low) / (high - low) : 0.5;

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
