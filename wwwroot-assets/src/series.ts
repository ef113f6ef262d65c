// The metrics of one run as columns: whole histories and live points in, curves out. Knows no chart and no connection.

/** A line of metrics.jsonl; NaN and infinities are texts in it. */
export interface Point {
  seq: number;
  step: number;
  [name: string]: unknown;
}

/** A metric's values, and for each the row of the run's places at which it was reported. NaN stands for what is no finite number. */
export interface Column {
  rows: number[];
  values: number[];
}

/** Where a run was at each of its points. */
export interface Places {
  step: number[];
  epoch: number[];
  time: number[];
  tokens: number[];
}

const placeNames = new Set(["seq", "step", "epoch", "time"]);

export class RunSeries {
  /** Sequence number to ask for next. */
  next = 1;
  readonly places: Places = { step: [], epoch: [], time: [], tokens: [] };
  private readonly columns = new Map<string, Column>();
  private readonly latest = new Map<string, number>();

  /**
   * Takes the whole history as the server packs it: the length of a JSON header (uint32), the header, then as float64 the columns step,
   * epoch, time and each metric. In a metric NaN says that the point lacks it, and an infinity that it was no finite number.
   */
  load(packed: ArrayBuffer): void {
    const length = new DataView(packed).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(new Uint8Array(packed, 8, length))) as { next: number; count: number; names: string[] };
    const start = 8 + Math.ceil(length / 8) * 8;
    const column = (index: number) => new Float64Array(packed, start + index * header.count * 8, header.count);
    const [step, epoch, time] = [column(0), column(1), column(2)];
    const tokensAt = header.names.indexOf("num_tokens");
    const tokens = tokensAt < 0 ? undefined : column(3 + tokensAt);
    for (let row = 0; row < header.count; row++) this.place(step[row]!, epoch[row]!, time[row]!, tokens?.[row] ?? NaN);
    header.names.forEach((name, index) => {
      const given = column(3 + index);
      const rows: number[] = [];
      const values: number[] = [];
      for (let row = 0; row < header.count; row++) {
        const value = given[row]!;
        if (Number.isNaN(value)) continue;
        // What a resumed run repeats replaces what it did before, as in append.
        while (rows.length > 0 && step[rows[rows.length - 1]!]! >= step[row]!) {
          rows.pop();
          values.pop();
        }
        rows.push(row);
        values.push(Number.isFinite(value) ? value : NaN);
      }
      let last = values.length - 1;
      while (last >= 0 && Number.isNaN(values[last]!)) last--;
      if (last >= 0) this.latest.set(name, values[last]!);
      this.columns.set(name, { rows, values });
    });
    this.next = Math.max(this.next, header.next);
  }

  /** Adds points in order; one that was seen before changes nothing. Returns whether something is new. */
  add(points: Point[]): boolean {
    let changed = false;
    for (const point of points) {
      if (point.seq < this.next) continue;
      this.next = point.seq + 1;
      changed = true;
      const row = this.places.step.length;
      this.place(point.step, Number(point["epoch"]), Number(point["time"]), typeof point["num_tokens"] === "number" ? point["num_tokens"] : NaN);
      for (const [name, value] of Object.entries(point)) {
        if (!placeNames.has(name)) this.append(name, row, Number(value));
      }
    }
    return changed;
  }

  /** Every metric that was reported. */
  names(): Iterable<string> {
    return this.columns.keys();
  }

  column(name: string): Column | undefined {
    return this.columns.get(name);
  }

  /** The last finite value of a metric. */
  last(name: string): number | undefined {
    return this.latest.get(name);
  }

  private place(step: number, epoch: number, time: number, tokens: number): void {
    const { places } = this;
    places.step.push(step);
    places.epoch.push(epoch);
    places.time.push(time);
    // Evaluations do not count tokens: they stand where training was.
    places.tokens.push(Number.isNaN(tokens) ? places.tokens.at(-1) ?? 0 : tokens);
  }

  private append(name: string, row: number, value: number): void {
    let column = this.columns.get(name);
    if (!column) this.columns.set(name, column = { rows: [], values: [] });
    // A resumed run goes back to its checkpoint: what it repeats replaces what was drawn.
    const step = this.places.step[row]!;
    while (column.rows.length > 0 && this.places.step[column.rows.at(-1)!]! >= step) {
      column.rows.pop();
      column.values.pop();
    }
    column.rows.push(row);
    column.values.push(Number.isFinite(value) ? value : NaN);
    if (Number.isFinite(value)) this.latest.set(name, value);
  }
}
