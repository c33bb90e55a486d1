import type { SignalSpec } from "../features/recipe.ts";
import type { Samples } from "../windows/series.ts";
import { isValid, type NumberArray, type NumberColumn, type TextColumn, type Validity } from "./column.ts";
import type { RecordingCounts } from "./recording.ts";

/** The rows that a flight's samples come from: their times, their numbers (null: all as they stand), and which the sensor itself disowns. */
export interface SampleSource {
  rowTimes: Float64Array;
  rows: Int32Array | null;
  quality: TextColumn | null;
}

const MISSING = new Set(["OUTLIER_REMOVED", "SENSOR_ERROR"]);
const USABLE = new Set(["VALID", "INTERPOLATED", "OUTLIER_CAPPED"]);

/** The valid samples of a signal: present, finite, inside its range and not disowned by its quality. */
export function collectSamples(
  column: NumberColumn,
  spec: SignalSpec,
  { source, counts }: { source: SampleSource; counts: RecordingCounts },
): Samples {
  const { rowTimes, rows, quality } = source;
  const collector = new Collector(
    column.values,
    rowTimes,
    spec.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  );
  if (rows === null && quality === null) {
    if (column.validity === null) collector.takeAll();
    else if (column.validity.offset % 8 === 0) collector.takeSet(column.validity);
    else collector.takeChosen(rowTimes.length, (i) => isValid(column.validity, i));
  } else {
    const disowned = quality === null ? null : disownedRows(quality, rows, counts);
    const rowOf = rows === null ? (i: number) => i : (i: number) => rows[i]!;
    collector.takeMapped(rowOf, (i) => isValid(column.validity, rowOf(i)) && disowned?.[i] !== 1);
  }
  counts.outOfRange[spec.name] = (counts.outOfRange[spec.name] ?? 0) + collector.outOfRange;
  return collector.samples();
}

/** Per row of the flight 1 where the quality says that the value is missing; unknown qualities are counted and used. */
function disownedRows(quality: TextColumn, rows: Int32Array | null, counts: RecordingCounts): Uint8Array {
  const missing = quality.dictionary.map((word) => MISSING.has(word));
  const unknown = quality.dictionary.map((word) => !MISSING.has(word) && !USABLE.has(word));
  const disowned = new Uint8Array(rows?.length ?? quality.codes.length);
  for (let i = 0; i < disowned.length; i++) {
    const code = quality.codes[rows === null ? i : rows[i]!]!;
    if (code < 0) continue;
    if (missing[code]) disowned[i] = 1;
    if (unknown[code]) counts.unknownQuality++;
  }
  return disowned;
}

/** Gathers values in order of time. Its loops are apart because the hot two, a full and a thinned column, must stay plain. */
class Collector {
  readonly #from: NumberArray;
  readonly #rowTimes: Float64Array;
  readonly #low: number;
  readonly #high: number;
  readonly #values: Float64Array;
  #times: Float64Array;
  #count = 0;
  outOfRange = 0;

  constructor(from: NumberArray, rowTimes: Float64Array, [low, high]: [number, number]) {
    this.#from = from;
    this.#rowTimes = rowTimes;
    // Infinity is never a value, whatever the range.
    this.#low = Math.max(low, -Number.MAX_VALUE);
    this.#high = Math.min(high, Number.MAX_VALUE);
    this.#values = new Float64Array(rowTimes.length);
    this.#times = rowTimes;
  }

  takeAll(): void {
    const from = this.#from;
    const values = this.#values;
    const low = this.#low;
    const high = this.#high;
    for (let i = 0; i < values.length; i++) {
      const x = from[i]!;
      if (!(x >= low && x <= high)) {
        this.#takeRest(i);
        return;
      }
      values[i] = x;
    }
    this.#count = values.length;
  }

  /** From the first value on that is missing, the samples have times of their own. */
  #takeRest(from: number): void {
    this.#times = this.#rowTimes.slice();
    this.#count = from;
    for (let i = from; i < this.#values.length; i++) this.#take(i, i);
  }

  /** Visits the set bits alone, 32 rows a word: slow signals are null in nine rows of ten. */
  takeSet({ bytes, offset }: Validity): void {
    this.#times = new Float64Array(this.#rowTimes.length);
    const rowCount = this.#rowTimes.length;
    const firstByte = offset >> 3;
    for (let row = 0; row < rowCount; row += 32) {
      const at = firstByte + (row >> 3);
      let word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24) | 0;
      if (rowCount - row < 32) word &= 2 ** (rowCount - row) - 1;
      while (word !== 0) {
        const lowest = word & -word;
        const i = row + 31 - Math.clz32(lowest);
        this.#take(i, i);
        word ^= lowest;
      }
    }
  }

  takeChosen(count: number, isChosen: (i: number) => boolean): void {
    this.#times = new Float64Array(this.#rowTimes.length);
    for (let i = 0; i < count; i++) if (isChosen(i)) this.#take(i, i);
  }

  takeMapped(rowOf: (i: number) => number, isChosen: (i: number) => boolean): void {
    this.#times = new Float64Array(this.#rowTimes.length);
    for (let i = 0; i < this.#rowTimes.length; i++) if (isChosen(i)) this.#take(rowOf(i), i);
  }

  #take(row: number, i: number): void {
    const x = this.#from[row]!;
    if (x >= this.#low && x <= this.#high) {
      this.#values[this.#count] = x;
      this.#times[this.#count++] = this.#rowTimes[i]!;
    } else if (Number.isFinite(x)) this.outOfRange++;
  }

  samples(): Samples {
    const whole = this.#count === this.#values.length;
    return {
      times: whole ? this.#times : this.#times.subarray(0, this.#count),
      values: whole ? this.#values : this.#values.subarray(0, this.#count),
    };
  }
}
