// The curves of one run: metric lines in, drawable columns out. Knows no chart and no connection.

/** A line of metrics.jsonl. */
export interface Point {
  seq: number;
  step: number;
  [name: string]: unknown;
}

export interface Curve {
  steps: number[];
  values: number[];
}

const places = new Set(["seq", "step", "epoch", "time"]);

export class RunSeries {
  /** Sequence number to ask for next. */
  next = 1;
  private readonly curves = new Map<string, Curve>();
  private readonly latest = new Map<string, number>();

  /** Adds points in order; one that was seen before changes nothing. Returns whether something is new. */
  add(points: Point[]): boolean {
    let changed = false;
    for (const point of points) {
      if (point.seq < this.next) continue;
      this.next = point.seq + 1;
      changed = true;
      for (const [name, value] of Object.entries(point)) {
        if (typeof value !== "number" || !Number.isFinite(value)) continue;
        this.latest.set(name, value);
        if (!places.has(name)) this.append(name, point.step, value);
      }
    }
    return changed;
  }

  /** Number of points of a metric. */
  count(name: string): number {
    return this.curves.get(name)?.steps.length ?? 0;
  }

  /** Metric names, the training loss first; eval_x is drawn together with x and not named by itself where x exists. */
  names(): string[] {
    const all = [...this.curves.keys()].filter(name => !(name.startsWith("eval_") && this.curves.has(name.slice(5))));
    return all.sort((a, b) => Number(b === "loss") - Number(a === "loss") || a.localeCompare(b));
  }

  /** A copy: Plotly takes an array that it has seen for one that has not changed. */
  curve(name: string): Curve {
    const { steps, values } = this.curves.get(name) ?? { steps: [], values: [] };
    return { steps: [...steps], values: [...values] };
  }

  /** The last value of everything that was reported. */
  values(): ReadonlyMap<string, number> {
    return this.latest;
  }

  private append(name: string, step: number, value: number): void {
    let curve = this.curves.get(name);
    if (!curve) this.curves.set(name, curve = { steps: [], values: [] });
    // A resumed run goes back to its checkpoint: what it repeats replaces what was drawn.
    while ((curve.steps.at(-1) ?? -1) >= step) {
      curve.steps.pop();
      curve.values.pop();
    }
    curve.steps.push(step);
    curve.values.push(value);
  }
}

/** Exponential moving average as TensorBoard draws it: debiased, so that the start is not pulled to zero. */
export function smooth(values: number[], weight: number): number[] {
  let sum = 0;
  let norm = 0;
  return values.map(value => {
    sum = weight * sum + (1 - weight) * value;
    norm = weight * norm + (1 - weight);
    return sum / norm;
  });
}

/** At most about `most` points: each bucket keeps its least and its greatest, so that no spike is lost. */
export function decimate(curve: Curve, most: number): Curve {
  const { steps, values } = curve;
  if (steps.length <= most) return curve;
  const size = Math.ceil((2 * steps.length) / most);
  const kept: Curve = { steps: [], values: [] };
  for (let start = 0; start < steps.length; start += size) {
    let low = start;
    let high = start;
    for (let i = start; i < Math.min(start + size, steps.length); i++) {
      if (values[i]! < values[low]!) low = i;
      if (values[i]! > values[high]!) high = i;
    }
    for (const i of new Set([Math.min(low, high), Math.max(low, high)])) {
      kept.steps.push(steps[i]!);
      kept.values.push(values[i]!);
    }
  }
  return kept;
}
