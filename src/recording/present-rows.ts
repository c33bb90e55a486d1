import { isValid, type Validity } from "./column.ts";

/** The rows of a flight in order of time: their times, and their numbers in the file (null: all rows as they stand). */
export interface TimedRows {
  times: Float64Array;
  rows: Int32Array | null;
}

/** Tells in which rows of a flight a column has a value. Columns with the same gaps, as slow signals have, get the same arrays. */
export class PresentRows {
  readonly #flight: TimedRows;
  readonly #known: { validity: Validity; present: TimedRows }[] = [];

  constructor(flight: TimedRows) {
    this.#flight = flight;
  }

  /** The rows in which `validity` has an entry, and `disowned` (by row of the flight) has none. */
  of(validity: Validity | null, disowned: Uint8Array | null = null): TimedRows {
    const { times, rows } = this.#flight;
    if (disowned !== null) return choose(this.#flight, (i, row) => isValid(validity, row) && disowned[i] === 0);
    if (validity === null) return this.#flight;
    if (rows !== null || validity.offset % 8 !== 0) return choose(this.#flight, (_, row) => isValid(validity, row));
    const known = this.#known.find((other) => sameBits(other.validity, validity));
    if (known !== undefined) return known.present;
    const set = setRows(validity, times.length);
    const present = { rows: set, times: timesOf(times, set) };
    this.#known.push({ validity, present });
    return present;
  }
}

function choose({ times, rows }: TimedRows, isChosen: (i: number, row: number) => boolean): TimedRows {
  const chosen = new Int32Array(times.length);
  const chosenTimes = new Float64Array(times.length);
  let count = 0;
  for (let i = 0; i < times.length; i++) {
    const row = rows === null ? i : rows[i]!;
    if (!isChosen(i, row)) continue;
    chosen[count] = row;
    chosenTimes[count++] = times[i]!;
  }
  return { rows: chosen.subarray(0, count), times: chosenTimes.subarray(0, count) };
}

function sameBits(a: Validity, b: Validity): boolean {
  return a.offset === b.offset && a.bytes.length === b.bytes.length && Buffer.compare(a.bytes, b.bytes) === 0;
}

/** The set bits of a bitmap that begins with a byte. Visits those alone, 32 rows a word: slow signals are null in nine rows of ten. */
function setRows({ bytes, offset }: Validity, rowCount: number): Int32Array {
  // What is not used of it is never touched, and so takes no memory.
  const rows = new Int32Array(rowCount);
  const firstByte = offset >> 3;
  let count = 0;
  for (let row = 0; row < rowCount; row += 32) {
    const at = firstByte + (row >> 3);
    let word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    if (rowCount - row < 32) word &= 2 ** (rowCount - row) - 1;
    while (word !== 0) {
      const lowest = word & -word;
      rows[count++] = row + 31 - Math.clz32(lowest);
      word ^= lowest;
    }
  }
  return rows.subarray(0, count);
}

function timesOf(times: Float64Array, rows: Int32Array): Float64Array {
  const chosen = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) chosen[i] = times[rows[i]!]!;
  return chosen;
}
