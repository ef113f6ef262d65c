import { HubConnectionBuilder, HubConnectionState, LogLevel, type HubConnection } from "@microsoft/signalr";
import { draw, purge } from "./lineChart";
import { type Point, RunSeries } from "./series";

// The live chart of a run. Points come from the hub straight into this module; the server's renderer never sees them.

/** At most ten redraws a second, however fast the points come. */
const interval = 100;
const retries = [0, 500, 1000, 2000, 5000];

export class RunChart {
  private readonly series = new RunSeries();
  private readonly connection: HubConnection;
  private readonly plot: HTMLElement;
  private readonly metric: HTMLSelectElement;
  private readonly smoothing: HTMLInputElement;
  private readonly logarithmic: HTMLInputElement;
  private readonly listeners = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private drawn = 0;
  private plotted = false;
  private disposed = false;

  constructor(private readonly root: HTMLElement, private readonly runId: string) {
    this.plot = this.part("plot");
    this.metric = this.part("metric");
    this.smoothing = this.part("smoothing");
    this.logarithmic = this.part("log");
    const { signal } = this.listeners;
    for (const control of [this.metric, this.smoothing, this.logarithmic]) {
      control.addEventListener("input", () => this.schedule(), { signal });
    }
    document.addEventListener("workbench:theme", () => this.schedule(), { signal });
    this.connection = new HubConnectionBuilder()
      .withUrl("/hubs/runs")
      .withAutomaticReconnect({ nextRetryDelayInMilliseconds: retry => retries[retry.previousRetryCount] ?? 5000 })
      .configureLogging(LogLevel.None)
      .build();
    this.connection.on("Metrics", (id: string, points: Point[]) => {
      if (id === this.runId && this.series.add(points)) this.schedule();
    });
    // Said by the hub for everyone; the page around shows them.
    for (const name of ["Status", "Log", "Problem"]) this.connection.on(name, () => {});
    this.connection.onreconnecting(() => this.say("reconnecting"));
    // A subscription that fails with its connection is made again when that is back.
    this.connection.onreconnected(() => this.subscribe().catch(() => this.say("reconnecting")));
    void this.start(0);
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.timer);
    this.listeners.abort();
    this.connection.stop().catch(() => { /* it was down already */ });
    if (this.plotted) void purge(this.plot);
  }

  private part<T extends HTMLElement>(name: string): T {
    const found = this.root.querySelector<T>(`[data-part="${name}"]`);
    if (!found) throw new Error(`the run chart has no part "${name}"`);
    return found;
  }

  private async start(attempt: number): Promise<void> {
    if (this.disposed) return;
    this.say("connecting");
    try {
      await this.connection.start();
      await this.subscribe();
    } catch {
      // The first connection is not retried by SignalR itself.
      if (!this.disposed) setTimeout(() => void this.start(attempt + 1), retries[attempt + 1] ?? 5000);
    }
  }

  private async subscribe(): Promise<void> {
    if (this.disposed || this.connection.state !== HubConnectionState.Connected) return;
    await this.connection.send("Subscribe", this.runId, this.series.next);
    this.say("live");
  }

  private say(state: "connecting" | "reconnecting" | "live"): void {
    this.root.dataset["connection"] = state;
  }

  private schedule(): void {
    if (this.timer !== undefined || this.disposed) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.drawn = performance.now();
      void this.render();
    }, Math.max(0, this.drawn + interval - performance.now()));
  }

  private async render(): Promise<void> {
    this.listMetrics();
    const name = this.metric.value;
    this.showValues();
    this.part("empty").hidden = name !== "";
    if (name === "") return;
    this.plot.dataset["points"] = String(this.series.count(name));
    const curves = [{ name, ...this.series.curve(name) }];
    const evaluated = `eval_${name}`;
    if (this.series.count(evaluated) > 0) curves.push({ name: evaluated, ...this.series.curve(evaluated) });
    this.plotted = true;
    await draw(this.plot, curves, { smoothing: Number(this.smoothing.value), logarithmic: this.logarithmic.checked });
    if (this.disposed) await purge(this.plot);
  }

  private listMetrics(): void {
    const names = this.series.names();
    if (names.join() === [...this.metric.options].map(option => option.value).join()) return;
    // A metric that is no longer named (eval_x once x is there) gives way to the first.
    const chosen = names.includes(this.metric.value) ? this.metric.value : names[0];
    this.metric.replaceChildren(...names.map(name => new Option(name, name, false, name === chosen)));
  }

  private showValues(): void {
    const rows = [...this.series.values()].filter(([name]) => name !== "seq" && name !== "time").map(([name, value]) => {
      const row = document.createElement("div");
      const term = document.createElement("dt");
      const figure = document.createElement("dd");
      term.textContent = name;
      figure.textContent = format(value);
      row.append(term, figure);
      return row;
    });
    this.part("values").replaceChildren(...rows);
  }
}

function format(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return value.toLocaleString("en-US");
  const size = Math.abs(value);
  return size >= 1e-3 && size < 1e6 ? value.toPrecision(5) : value.toExponential(3);
}

export function create(root: HTMLElement, runId: string): RunChart {
  return new RunChart(root, runId);
}
