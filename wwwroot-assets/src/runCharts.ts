import { type ChartView, keepView, passes, readView } from "./chartView";
import { curve } from "./curves";
import { grouped } from "./groups";
import { HubFeed } from "./hubFeed";
import { phrase } from "./phrases";
import { type NamedCurve, PlotPanel } from "./plotPanel";
import { RunSeries } from "./series";
import { seriesColours, themeColours } from "./themeColours";

// All metrics of one run, or of several over each other. Histories come packed over HTTP, live points from the hub straight into this
// module; the server's renderer never sees them.

/** At most ten redraws a second, however fast the points come. */
const interval = 100;

export interface ChartedRun {
  id: string;
  name: string;
  /** Steps of its checkpoints. */
  checkpoints: number[];
}

interface Chart {
  root: HTMLElement;
  panel: PlotPanel;
  visible: boolean;
  stale: boolean;
}

export class RunCharts {
  private readonly series = new Map<string, RunSeries>();
  private readonly charts = new Map<string, Chart>();
  private readonly listeners = new AbortController();
  private readonly feed: HubFeed;
  private readonly seen: IntersectionObserver;
  private readonly view: ChartView;
  private range: [number, number] | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private drawn = 0;
  private disposed = false;
  private pointedAt: number | undefined;

  /** @param guide what each metric means, by name, with * for the middle of names of three parts, or by the beginning of names that ends in "/". */
  constructor(private readonly root: HTMLElement, private readonly runs: ChartedRun[], private readonly guide: Record<string, string>) {
    this.view = readView(location.search);
    for (const run of runs) this.series.set(run.id, new RunSeries());
    this.feed = new HubFeed(
      new Map(runs.map(run => [run.id, () => this.series.get(run.id)!.next])),
      (id, points) => { if (this.series.get(id)?.add(points)) this.schedule(); },
      state => { root.dataset["connection"] = state; });
    this.seen = new IntersectionObserver(entries => {
      for (const entry of entries) {
        const chart = [...this.charts.values()].find(one => one.root === entry.target);
        if (chart) chart.visible = entry.isIntersecting;
      }
      this.schedule();
    }, { rootMargin: "200px" });
    this.bindControls();
    document.addEventListener("workbench:theme", () => this.redraw(), { signal: this.listeners.signal });
    void this.open();
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.timer);
    this.listeners.abort();
    this.seen.disconnect();
    this.feed.stop();
    for (const chart of this.charts.values()) void chart.panel.dispose();
  }

  /** New checkpoints were saved. */
  mark(runId: string, checkpoints: number[]): void {
    const run = this.runs.find(one => one.id === runId);
    if (run) run.checkpoints = checkpoints;
    this.redraw();
  }

  private async open(): Promise<void> {
    const begun = performance.now();
    await Promise.all(this.runs.map(async run => {
      try {
        const answer = await fetch(`/api/runs/${encodeURIComponent(run.id)}/columns`, { signal: this.listeners.signal });
        if (answer.ok) this.series.get(run.id)!.load(await answer.arrayBuffer());
      } catch {
        // The hub replays the whole run instead.
      }
    }));
    if (this.disposed) return;
    await this.render();
    this.root.dataset["opened"] = String(Math.round(performance.now() - begun));
    void this.feed.start();
  }

  private part<T extends HTMLElement>(name: string): T {
    const found = this.root.querySelector<T>(`[data-part="${name}"]`);
    if (!found) throw new Error(`the run charts have no part "${name}"`);
    return found;
  }

  private bindControls(): void {
    const { signal } = this.listeners;
    const smoothing = this.part<HTMLInputElement>("smoothing");
    const logarithmic = this.part<HTMLInputElement>("log");
    const clipped = this.part<HTMLInputElement>("clip");
    const axis = this.part<HTMLSelectElement>("axis");
    const filter = this.part<HTMLInputElement>("filter");
    smoothing.value = String(this.view.smoothing);
    logarithmic.checked = this.view.logarithmic;
    clipped.checked = this.view.clipped;
    axis.value = this.view.axis;
    filter.value = this.view.filter;
    const changed = () => {
      if (axis.value !== this.view.axis) this.range = undefined;
      Object.assign(this.view, {
        smoothing: Number(smoothing.value), logarithmic: logarithmic.checked, clipped: clipped.checked, axis: axis.value, filter: filter.value.trim(),
      });
      keepView(this.view);
      this.redraw();
    };
    for (const control of [smoothing, logarithmic, clipped, axis, filter]) control.addEventListener("input", changed, { signal });
  }

  private redraw(): void {
    for (const chart of this.charts.values()) chart.stale = true;
    this.schedule();
  }

  private schedule(): void {
    if (this.timer !== undefined || this.disposed) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.drawn = performance.now();
      for (const chart of this.charts.values()) chart.stale = true;
      void this.render();
    }, Math.max(0, this.drawn + interval - performance.now()));
  }

  private async render(): Promise<void> {
    const all = new Set([...this.series.values()].flatMap(series => [...series.names()]));
    this.part("empty").hidden = all.size > 0;
    const pass = passes(this.view.filter);
    this.arrange(grouped(all).map(group => ({ ...group, names: group.names.filter(pass) })).filter(group => group.names.length > 0));
    this.root.dataset["points"] = String(Math.max(0, ...[...this.series.values()].map(series => series.column("loss")?.values.length ?? 0)));
    const colour = themeColours(this.root);
    for (const [name, chart] of this.charts) {
      if (!chart.visible || !chart.stale || this.disposed) continue;
      chart.stale = false;
      chart.panel.range = this.range;
      this.showLast(name, chart);
      await chart.panel.draw({ title: name, xTitle: this.axisTitle(), curves: this.curves(name, colour), marks: this.marks() }, this.view, colour);
    }
    if (this.disposed) for (const chart of this.charts.values()) void chart.panel.dispose();
  }

  private axisTitle(): string {
    switch (this.view.axis) {
      case "tokens": return phrase("tokens");
      case "time": return phrase("seconds");
      case "epoch": return phrase("epoch");
      default: return phrase("step");
    }
  }

  private curves(name: string, colour: (name: string) => string): NamedCurve[] {
    const several = this.runs.length > 1;
    return this.runs.flatMap((run, index) => {
      const series = this.series.get(run.id)!;
      const color = colour(`--series-${(index % seriesColours) + 1}`);
      return [name, `eval_${name}`].flatMap((metric, evaluation) => {
        const column = series.column(metric);
        return column ? [{
          name: several ? (evaluation ? `${run.name} · eval` : run.name) : metric, evaluation: evaluation === 1,
          color: several || evaluation === 0 ? color : colour("--series-2"), ...curve(column, series.places, this.view.axis),
        }] : [];
      });
    });
  }

  /** Checkpoints, of a run alone: those of several would be a forest. */
  private marks(): number[] {
    if (this.runs.length !== 1) return [];
    const { places } = this.series.get(this.runs[0]!.id)!;
    const origin = this.view.axis === "time" ? places.time[0] ?? 0 : 0;
    return this.runs[0]!.checkpoints.flatMap(step => {
      const row = places.step.indexOf(step);
      return row < 0 ? [] : [places[this.view.axis][row]! - origin];
    });
  }

  private arrange(groups: { title: string; names: string[] }[]): void {
    const wanted = JSON.stringify(groups);
    const area = this.part("groups");
    if (area.dataset["shown"] === wanted) return;
    area.dataset["shown"] = wanted;
    area.replaceChildren(...groups.map(group => {
      const section = element("section", "chart-group");
      const title = element("h3", "chart-group-title");
      title.textContent = group.title;
      const grid = element("div", "chart-grid");
      grid.append(...group.names.map(name => this.chart(name).root));
      section.append(title, grid);
      return section;
    }));
    const shown = new Set(groups.flatMap(group => group.names));
    for (const [name, chart] of this.charts) {
      if (shown.has(name)) continue;
      this.seen.unobserve(chart.root);
      void chart.panel.dispose();
      this.charts.delete(name);
    }
  }

  private chart(name: string): Chart {
    const known = this.charts.get(name);
    if (known) return known;
    const root = element("figure", "chart");
    const caption = element("figcaption", "chart-caption");
    const label = element("code", "chart-name");
    label.textContent = name;
    caption.append(label, element("span", "chart-last"));
    const meaning = this.meaning(name);
    if (meaning) {
      const help = element("details", "chart-help");
      const summary = element("summary", "chart-help-button");
      summary.textContent = "?";
      summary.setAttribute("aria-label", phrase("What is {0}?", name));
      const text = element("p", "chart-help-text");
      text.textContent = meaning;
      help.append(summary, text);
      caption.append(help);
    }
    const plot = element("div", "plot");
    root.append(caption, plot);
    root.setAttribute("aria-label", name);
    const panel = new PlotPanel(plot, range => { this.range = range; this.redraw(); }, x => this.pointAt(x, name));
    const chart = { root, panel, visible: this.charts.size < 4, stale: true };
    this.charts.set(name, chart);
    this.seen.observe(root);
    return chart;
  }

  /** The cursors of all charts go together. */
  private pointAt(x: number | undefined, from: string): void {
    if (x === this.pointedAt) return;
    this.pointedAt = x;
    requestAnimationFrame(() => {
      for (const [name, chart] of this.charts) if (name !== from && chart.visible) void chart.panel.point(this.pointedAt);
    });
  }

  private meaning(name: string): string | undefined {
    const bare = name.replace(/^eval_/, "");
    const patterned = bare.replace(/^([^/]+)\/.+\/([^/]+)$/, "$1/*/$2");
    return this.guide[bare] ?? this.guide[patterned] ?? this.guide[bare.slice(0, bare.indexOf("/") + 1)];
  }

  private showLast(name: string, chart: Chart): void {
    const last = this.runs.length === 1 ? this.series.get(this.runs[0]!.id)!.last(name) : undefined;
    chart.root.querySelector(".chart-last")!.textContent = last === undefined ? "" : format(last);
  }
}

function element(name: string, className: string): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  return made;
}

function format(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return value.toLocaleString("en-US");
  const size = Math.abs(value);
  return size >= 1e-3 && size < 1e6 ? value.toPrecision(5) : value.toExponential(3);
}

export function create(root: HTMLElement, runs: ChartedRun[], guide: Record<string, string>): RunCharts {
  return new RunCharts(root, runs, guide);
}
