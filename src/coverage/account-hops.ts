import type { Marks, RecordedHops } from "../windows/recorded.ts";
import type { Reasons } from "./reasons.ts";
import { TimeAccount, type TimeEntry } from "./time-account.ts";

/** What became of the windows of a flight, and how the time that they hold is entered. */
export interface WindowFates {
  reasons: Reasons;
  /** Per window a reason's number: `scored`, `filtered`, `lowCoverage(s)` and so on. */
  fates: Int16Array;
  /** Per window its set of commonest phases. */
  phaseSets: Uint8Array;
  /** The one phase of a set; null where none is known. */
  phaseOf: (set: number) => number | null;
}

/**
 * Enters every hop of a series once, whole: as scored if a scored window holds it, else with the first reason after which no window that
 * holds it is left. The last hop ends with the recording. Where the hop is longer than the window, what lies between two windows is entered
 * by itself.
 */
export function accountHops(recorded: RecordedHops, windows: WindowFates): TimeEntry[] {
  const { hopNs, lengthNs, spanNs, phaseSets } = recorded;
  const { reasons, phaseOf } = windows;
  const account = new TimeAccount(reasons);
  const last = windows.fates.length - 1;
  for (let hop = 0; hop * hopNs < spanNs; hop++) {
    const start = hop * hopNs;
    const end = Math.min(start + Math.min(hopNs, lengthNs), spanNs);
    const from = Math.max(0, Math.ceil((end - lengthNs) / hopNs));
    const to = Math.min(hop, last);
    // Where no row of the hop has a phase, that of the window that begins with it.
    const phase = phaseOf(phaseSets[hop]! || (windows.phaseSets[to] ?? 0));
    // As nearly all are: without an object for each.
    const isScored = from <= to && windows.fates[to] === reasons.scored;
    account.add(end - start, isScored ? reasons.scored : reasonOfHop(hop, { recorded, windows, from, to }), phase);
    const rest = Math.min(start + hopNs, spanNs) - end;
    if (rest > 0) account.add(rest, reasonOfRest(hop, recorded, windows), phase);
  }
  return account.entries;
}

/** Of what lies between the end of the hop's own window and the next hop. */
function reasonOfRest(hop: number, { gaps }: RecordedHops, { reasons, fates }: WindowFates): number {
  if (gaps?.[hop] === 1) return reasons.gap;
  return hop < fates.length - 1 ? reasons.betweenWindows : reasons.tail;
}

interface Holders {
  recorded: RecordedHops;
  windows: WindowFates;
  /** The windows that hold the hop, both included. */
  from: number;
  to: number;
}

function reasonOfHop(hop: number, { recorded, windows: { reasons, fates }, from, to }: Holders): number {
  const isGap = recorded.gaps?.[hop] === 1;
  if (from > to) return isGap ? reasons.gap : reasons.tail;
  let reason = fates[to]!;
  for (let k = to - 1; k >= from && reason !== reasons.scored; k--) reason = reasons.further(reason, fates[k]!);
  if (reasons.stage(reason) > 0) return reason;
  if (isGap) return reasons.gap;
  const named = (marks: Marks[]) => firstMarked(marks, hop, { reasons, fates, from, to });
  const disowned = named(recorded.disowned);
  if (disowned !== null) return reasons.sensorError(disowned);
  const outside = named(recorded.outside);
  return outside === null ? reason : reasons.outOfRange(outside);
}

/** The first signal that has a mark at the hop and leaves a window of it uncovered. */
function firstMarked(
  marks: Marks[],
  hop: number,
  { reasons, fates, from, to }: Pick<WindowFates, "reasons" | "fates"> & Pick<Holders, "from" | "to">,
): number | null {
  let first: number | null = null;
  for (let k = from; k <= to; k++) {
    const signal = reasons.signalOf(fates[k]!);
    if (marks[signal]?.[hop] === 1 && (first === null || signal < first)) first = signal;
  }
  return first;
}
