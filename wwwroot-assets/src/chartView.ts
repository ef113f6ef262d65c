// What the viewer has set: kept in the page's address, so that the view can be shared.
import type { Axis } from "./curves";

export interface ChartView {
  /** Weight of the past in the moving average, 0 to below 1. */
  smoothing: number;
  logarithmic: boolean;
  clipped: boolean;
  axis: Axis;
  /** Regular expression over metric names; empty for all. */
  filter: string;
}

const axes: readonly Axis[] = ["step", "tokens", "time", "epoch"];

export function readView(search: string): ChartView {
  const query = new URLSearchParams(search);
  const axis = query.get("x") as Axis;
  return {
    smoothing: Math.min(0.99, Math.max(0, Number(query.get("smooth")) || 0)),
    logarithmic: query.has("log"),
    clipped: query.has("clip"),
    axis: axes.includes(axis) ? axis : "step",
    filter: query.get("metrics") ?? "",
  };
}

/** Writes the view into the address; what is as usual is left out. */
export function keepView(view: ChartView): void {
  const address = new URL(location.href);
  const set = (name: string, value: string) => value === "" ? address.searchParams.delete(name) : address.searchParams.set(name, value);
  set("smooth", view.smoothing > 0 ? String(view.smoothing) : "");
  set("log", view.logarithmic ? "1" : "");
  set("clip", view.clipped ? "1" : "");
  set("x", view.axis === "step" ? "" : view.axis);
  set("metrics", view.filter);
  history.replaceState(history.state, "", address);
}

/** Whether a metric passes the filter; an unfinished expression is taken as plain text. */
export function passes(filter: string): (name: string) => boolean {
  if (filter === "") return () => true;
  try {
    const pattern = new RegExp(filter, "i");
    return name => pattern.test(name);
  } catch {
    return name => name.toLowerCase().includes(filter.toLowerCase());
  }
}
