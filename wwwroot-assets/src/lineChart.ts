import { type Curve, decimate, smooth } from "./series";

/** More points than a screen has columns only cost time. */
const most = 4000;

const names = ["--series-1", "--series-2", "--line", "--line-strong", "--text", "--text-muted", "--surface-raised"] as const;

export interface NamedCurve extends Curve {
  name: string;
}

export interface ChartStyle {
  /** Weight of the past in the moving average, 0 to below 1. */
  smoothing: number;
  logarithmic: boolean;
}

const load = () => import("plotly.js-cartesian-dist-min");

/** Draws curves over steps in the theme's colours. */
export async function draw(element: HTMLElement, curves: NamedCurve[], style: ChartStyle): Promise<void> {
  const { default: plotly } = await load();
  const colour = resolver(element);
  const lines = [colour("--series-1"), colour("--series-2")];
  const data = curves.flatMap((curve, index) => traces(curve, lines[index] ?? lines[0]!, style, index === 0));
  const axis = { gridcolor: colour("--line"), zeroline: false, linecolor: colour("--line-strong"), automargin: true };
  await plotly.react(element, data, {
    autosize: true,
    margin: { l: 12, r: 12, t: 8, b: 8 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: getComputedStyle(element).fontFamily, size: 12, color: colour("--text-muted") },
    xaxis: { ...axis, title: { text: "step" }, rangemode: "tozero" },
    yaxis: { ...axis, type: style.logarithmic ? "log" : "linear", title: { text: curves[0]?.name ?? "" } },
    showlegend: curves.length > 1,
    legend: { orientation: "h", x: 1, xanchor: "right", y: 1.02, yanchor: "bottom" },
    hovermode: "x unified",
    hoverlabel: { bgcolor: colour("--surface-raised"), bordercolor: colour("--line-strong"), font: { color: colour("--text") } },
    // Zoom and selection survive the next point.
    uirevision: curves[0]?.name ?? "",
  }, { displaylogo: false, responsive: true, modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"] });
}

/** Reads the theme's colours: a custom property keeps its light-dark() pair, only a real property is computed to one of them. */
function resolver(element: HTMLElement): (name: string) => string {
  const probe = element.ownerDocument.createElement("span");
  probe.hidden = true;
  element.parentElement?.append(probe);
  const resolve = (name: string) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const known = new Map(names.map(name => [name, resolve(name)]));
  probe.remove();
  return name => known.get(name as (typeof names)[number]) ?? "";
}

/** Frees a chart that was drawn. */
export async function purge(element: HTMLElement): Promise<void> {
  const { default: plotly } = await load();
  plotly.purge(element);
}

function traces(curve: NamedCurve, color: string, style: ChartStyle, continuous: boolean): object[] {
  const raw = decimate(curve, most);
  const few = raw.steps.length < 60 || !continuous;
  const line = {
    name: curve.name,
    x: raw.steps,
    y: raw.values,
    type: "scatter",
    mode: few ? "lines+markers" : "lines",
    marker: { color, size: 5, symbol: continuous ? "circle" : "diamond" },
    line: { color, width: 2, dash: continuous ? "solid" : "dash" },
  };
  if (style.smoothing <= 0 || !continuous) return [line];
  const smoothed = decimate({ steps: curve.steps, values: smooth(curve.values, style.smoothing) }, most);
  return [
    { ...line, opacity: 0.3, hoverinfo: "skip", showlegend: false },
    { ...line, mode: "lines", x: smoothed.steps, y: smoothed.values },
  ];
}
