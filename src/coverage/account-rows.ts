import type { RecordedRows } from "../windows/recorded.ts";
import type { WindowFates } from "./account-hops.ts";
import { TimeAccount, type TimeEntry } from "./time-account.ts";

/**
 * Enters the time that window rows cover, each stretch between two edges of rows once: as scored if a scored row covers it, else with the
 * first reason after which no row that covers it is left. The phase is that of the row that covers it and began last. `starts` ascend.
 */
export function accountRows(starts: Float64Array, recorded: RecordedRows, windows: WindowFates): TimeEntry[] {
  const account = new TimeAccount(windows.reasons);
  const cover = new RowCover(recorded, windows);
  const edges = edgesOf(starts, recorded.ends);
  let row = 0;
  for (let i = 0; i + 1 < edges.length; i++) {
    const from = edges[i]!;
    for (; row < starts.length && starts[row]! <= from; row++) cover.begin(row);
    const covering = cover.at(from);
    if (covering !== null) account.add(edges[i + 1]! - from, covering.reason, covering.phase);
  }
  return account.entries;
}

/** Starts and ends of all rows that have an extent, ascending, each once. */
function edgesOf(starts: Float64Array, ends: Float64Array): Float64Array {
  const extents = starts.filter((_, row) => !Number.isNaN(ends[row]!));
  const edges = new Float64Array(2 * extents.length);
  edges.set(extents);
  edges.set(
    ends.filter((end) => !Number.isNaN(end)),
    extents.length,
  );
  edges.sort();
  return edges.filter((edge, i) => i === 0 || edge > edges[i - 1]!);
}

/** Knows which rows cover a time, as time goes on. Costs as much as there are reasons, however many rows overlap. */
class RowCover {
  readonly #recorded: RecordedRows;
  readonly #windows: WindowFates;
  /** By reason, the latest end of a row that has it. */
  readonly #latestEnds: Float64Array;
  /** Rows that have begun, the latest last; those under it that have ended go once they are the last. */
  readonly #begun: number[] = [];

  constructor(recorded: RecordedRows, windows: WindowFates) {
    this.#recorded = recorded;
    this.#windows = windows;
    this.#latestEnds = new Float64Array(windows.reasons.names.length).fill(Number.NEGATIVE_INFINITY);
  }

  begin(row: number): void {
    const end = this.#recorded.ends[row]!;
    if (Number.isNaN(end)) return;
    const reason = this.#reasonOf(row);
    this.#latestEnds[reason] = Math.max(this.#latestEnds[reason]!, end);
    this.#begun.push(row);
  }

  at(time: number): { reason: number; phase: number | null } | null {
    const { reasons, phaseSets, phaseOf } = this.#windows;
    const begun = this.#begun;
    while (begun.length > 0 && this.#recorded.ends[begun.at(-1)!]! <= time) begun.pop();
    const latest = begun.at(-1);
    if (latest === undefined) return null;
    let reason: number | null = null;
    this.#latestEnds.forEach((end, other) => {
      if (end > time) reason = reason === null ? other : reasons.further(reason, other);
    });
    return { reason: reason ?? reasons.gap, phase: phaseOf(phaseSets[latest]!) };
  }

  /** A row without enough samples says so itself if some of them were outside their range. */
  #reasonOf(row: number): number {
    const { reasons, fates } = this.#windows;
    const fate = fates[row]!;
    if (reasons.stage(fate) > 0) return fate;
    const signal = reasons.signalOf(fate);
    return this.#recorded.outside[signal]?.[row] === 1 ? reasons.outOfRange(signal) : fate;
  }
}
