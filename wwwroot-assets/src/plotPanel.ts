import type { Curve } from "./curves";
import { decimate, smooth, withoutOutliers } from "./curves";
import type { ChartView } from "./chartView";

// One chart of one metric: raw and smoothed curves of every run, evaluations as diamonds, checkpoints as marks.

/** More points than a screen has columns only cost time. */
const most = 1600;

export interface NamedCurve extends Curve {
  /** Legend: the run, or the metric where there is one run. */
  name: string;
  color: string;
  /** Whether these are the points of evaluations. */
  evaluation: boolean;
}

export interface PanelContent {
  title: string;
  xTitle: string;
  curves: NamedCurve[];
  /** x of the checkpoints. */
  marks: number[];
}

type Plotly = (typeof import("plotly.js-cartesian-dist-min"))["default"];
let plotly: Promise<Plotly> | undefined;
const load = () => plotly ??= import("plotly.js-cartesian-dist-min").then(module => module.default);

export class PlotPanel {
  range: [number, number] | undefined;
  private drawn = false;
  private listening = false;

  /** @param zoomed told a new range of x, or none for all of it. @param hovered told the x under the pointer. */
  constructor(readonly element: HTMLElement, private readonly zoomed: (range: [number, number] | undefined) => void, private readonly hovered: (x: number | undefined) => void) {}

  async draw(content: PanelContent, view: ChartView, colour: (name: string) => string): Promise<void> {
    const library = await load();
    const [from, to] = this.range ?? [-Infinity, Infinity];
    const data = content.curves.flatMap(curve => traces(curve, view, from, to));
    const axis = { gridcolor: colour("--line"), zeroline: false, linecolor: colour("--line-strong"), automargin: true };
    const clipped = view.clipped && !view.logarithmic ? withoutOutliers(content.curves) : undefined;
    await library.react(this.element, data, {
      autosize: true,
      margin: { l: 8, r: 10, t: 4, b: 4 },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: getComputedStyle(this.element).fontFamily, size: 11, color: colour("--text-muted") },
      xaxis: { ...axis, title: { text: content.xTitle, standoff: 4 }, ...(this.range ? { range: this.range } : { autorange: true }) },
      yaxis: { ...axis, type: view.logarithmic ? "log" : "linear", ...(clipped ? { range: clipped } : { autorange: true }) },
      showlegend: content.curves.length > 1,
      legend: { orientation: "h", x: 1, xanchor: "right", y: 1.02, yanchor: "bottom", font: { size: 11 } },
      hovermode: "x",
      hoverlabel: { bgcolor: colour("--surface-raised"), bordercolor: colour("--line-strong"), font: { color: colour("--text") } },
      shapes: content.marks.map(x => ({ type: "line", x0: x, x1: x, yref: "paper", y0: 0, y1: 1, line: { color: colour("--line-strong"), width: 1, dash: "dot" } })),
    }, { displaylogo: false, responsive: true, displayModeBar: false, doubleClick: "reset" });
    this.drawn = true;
    this.listen();
  }

  /** Shows what the curves are at an x, without the pointer. */
  async point(x: number | undefined): Promise<void> {
    if (!this.drawn) return;
    const library = await load();
    if (x === undefined) library.Fx.unhover(this.element);
    else library.Fx.hover(this.element, [{ xval: x }]);
  }

  async dispose(): Promise<void> {
    if (this.drawn) (await load()).purge(this.element);
  }

  private listen(): void {
    if (this.listening) return;
    this.listening = true;
    const plot = this.element as unknown as { on(event: string, handler: (data: Record<string, unknown>) => void): void };
    plot.on("plotly_relayout", change => {
      const [from, to] = [change["xaxis.range[0]"], change["xaxis.range[1]"]];
      if (typeof from === "number" && typeof to === "number") this.zoomed([from, to]);
      else if (change["xaxis.autorange"] === true) this.zoomed(undefined);
    });
    // Only where the pointer really is: a hover that another chart asked for must not come back.
    this.element.addEventListener("mousemove", () => { this.pointed = true; });
    this.element.addEventListener("mouseleave", () => {
      this.pointed = false;
      this.hovered(undefined);
    });
    plot.on("plotly_hover", data => {
      const x = (data["points"] as { x?: unknown }[] | undefined)?.[0]?.x;
      if (this.pointed && typeof x === "number") this.hovered(x);
    });
  }

  private pointed = false;
}

function traces(curve: NamedCurve, view: ChartView, from: number, to: number): object[] {
  const raw = decimate(curve, most, from, to);
  const few = raw.x.length < 60 || curve.evaluation;
  const line = {
    name: curve.name,
    x: raw.x,
    y: raw.y,
    type: "scatter",
    mode: few ? "lines+markers" : "lines",
    connectgaps: false,
    marker: { color: curve.color, size: curve.evaluation ? 7 : 4, symbol: curve.evaluation ? "diamond" : "circle" },
    line: { color: curve.color, width: 1.8, dash: curve.evaluation ? "dash" : "solid" },
    hovertemplate: "%{y:.5~g}<extra>%{fullData.name}</extra>",
  };
  if (view.smoothing <= 0 || curve.evaluation) return [line];
  const smoothed = decimate({ x: curve.x, y: smooth(curve.y, view.smoothing) }, most, from, to);
  return [
    { ...line, mode: "lines", opacity: 0.28, line: { ...line.line, width: 1 }, hoverinfo: "skip", hovertemplate: undefined, showlegend: false },
    { ...line, mode: "lines", x: smoothed.x, y: smoothed.y },
  ];
}
