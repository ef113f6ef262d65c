// From columns to what is drawn: the x of each value, smoothing, decimation, ranges without outliers.
import type { Column, Places } from "./series";

export type Axis = "step" | "tokens" | "time" | "epoch";

/** Ready to draw; NaN is a gap. */
export interface Curve {
  x: number[];
  y: number[];
}

/** The curve of a column over an axis; time counts in seconds from the run's first point. */
export function curve(column: Column, places: Places, axis: Axis): Curve {
  const source = places[axis];
  const origin = axis === "time" ? places.time[0] ?? 0 : 0;
  return { x: column.rows.map(row => source[row]! - origin), y: column.values };
}

/** Exponential moving average as TensorBoard draws it: debiased, so that the start is not pulled to zero; a gap stays one and does not count. */
export function smooth(values: number[], weight: number): number[] {
  let sum = 0;
  let norm = 0;
  return values.map(value => {
    if (Number.isNaN(value)) return NaN;
    sum = weight * sum + (1 - weight) * value;
    norm = weight * norm + (1 - weight);
    return sum / norm;
  });
}

/** At most about `most` points within [from, to]: each bucket keeps its least and its greatest, so that no spike is lost, and its gap. */
export function decimate({ x, y }: Curve, most: number, from = -Infinity, to = Infinity): Curve {
  // One point beyond each end, so that lines go on to the border.
  const first = Math.max(0, lowerBound(x, from) - 1);
  const end = Math.min(x.length, lowerBound(x, to) + 2);
  const count = end - first;
  if (count <= most) return { x: x.slice(first, end), y: y.slice(first, end) };
  const size = Math.ceil((2 * count) / most);
  const kept: Curve = { x: [], y: [] };
  for (let start = first; start < end; start += size) {
    let low = -1;
    let high = -1;
    let gap = -1;
    for (let i = start; i < Math.min(start + size, end); i++) {
      if (Number.isNaN(y[i]!)) gap = i;
      else {
        if (low < 0 || y[i]! < y[low]!) low = i;
        if (high < 0 || y[i]! > y[high]!) high = i;
      }
    }
    for (const i of [...new Set([low, high, gap])].filter(i => i >= 0).sort((a, b) => a - b)) {
      kept.x.push(x[i]!);
      kept.y.push(y[i]!);
    }
  }
  return kept;
}

/** Where all but the outermost hundredth on each side lie, with a margin; undefined where that leaves nothing to see. */
export function withoutOutliers(curves: Curve[]): [number, number] | undefined {
  const values = curves.flatMap(({ y }) => sample(y)).filter(value => !Number.isNaN(value)).sort((a, b) => a - b);
  if (values.length < 10) return undefined;
  const low = values[Math.floor(values.length * 0.01)]!;
  const high = values[Math.min(values.length - 1, Math.ceil(values.length * 0.99) - 1)]!;
  const margin = (high - low) * 0.08;
  return high > low ? [low - margin, high + margin] : undefined;
}

/** First index whose value is not below; the values ascend. */
function lowerBound(x: number[], value: number): number {
  let [low, high] = [0, x.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Quantiles of ten thousand values are as good as those of a million. */
function sample(values: number[]): number[] {
  const stride = Math.ceil(values.length / 10_000);
  return stride <= 1 ? values : values.filter((_, i) => i % stride === 0);
}
