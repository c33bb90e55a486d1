/** A window as the slow ledger sees it: when it is, and at which step it drops out, if it does. */
export interface SlowWindow {
  start: number;
  end: number;
  /** `scored`, or the reason. */
  fate: string;
}

/** What the slow ledger is told of a flight: rows and samples, nothing by hop. */
export interface SlowFlight {
  rowTimes: number[];
  hopNs: number;
  lengthNs: number;
  windows: SlowWindow[];
  signals: string[];
  features: string[];
  /** By signal, times of samples. */
  disowned: number[][];
  outside: number[][];
}

/** The steps at which windows drop out, in their order; those of the first are causes of too few samples. */
function stepsOf({ features }: SlowFlight): ((fate: string) => boolean)[] {
  return [
    (fate) => fate.startsWith("low_coverage:"),
    (fate) => features.some((name) => fate === `not_computable:${name}`),
    (fate) => fate === "score_not_finite",
    (fate) => fate === "filtered",
  ];
}

/** Nanoseconds by reason, stretch by stretch: windows are struck out step by step, and the step that leaves none is the reason. */
export function slowLedger(flight: SlowFlight): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [from, to, hasWindow] of stretchesOf(flight)) {
    const reason = hasWindow ? slowReason(flight, from, to) : slowRest(flight, from, to);
    sums[reason] = (sums[reason] ?? 0) + (to - from);
  }
  return sums;
}

/** End of the recording: one median step after the last row. */
export function slowEnd(rowTimes: number[]): number {
  const steps = rowTimes.slice(1).map((time, i) => time - rowTimes[i]!);
  steps.sort((a, b) => a - b);
  const middle = (steps[(steps.length - 1) >> 1]! + steps[steps.length >> 1]!) / 2;
  return rowTimes.at(-1)! + Math.floor(middle + 0.5);
}

function stretchesOf({ rowTimes, hopNs, lengthNs }: SlowFlight): [number, number, boolean][] {
  if (rowTimes.length < 2) return [];
  const end = slowEnd(rowTimes);
  const stretches: [number, number, boolean][] = [];
  for (let start = rowTimes[0]!; start < end; start += hopNs) {
    const whole = Math.min(end, start + hopNs);
    const own = Math.min(whole, start + lengthNs);
    stretches.push([start, own, true]);
    if (own < whole) stretches.push([own, whole, false]);
  }
  return stretches;
}

function hasRow({ rowTimes }: SlowFlight, from: number, to: number): boolean {
  const step = slowEnd(rowTimes) - rowTimes.at(-1)!;
  return rowTimes.some((time) => time < to && time + step > from);
}

function slowRest(flight: SlowFlight, from: number, to: number): string {
  const hopStart = from - flight.lengthNs;
  if (!hasRow(flight, hopStart, Math.max(to, hopStart + flight.hopNs))) return "gap";
  return flight.windows.some(({ start }) => start > hopStart) ? "between_windows" : "tail";
}

function slowReason(flight: SlowFlight, from: number, to: number): string {
  const hopEnd = Math.max(to, from + flight.hopNs);
  const isGap = !hasRow(flight, from, hopEnd);
  let left = flight.windows.filter(({ start, end }) => start <= from && end >= to).map(({ fate }) => fate);
  if (left.length === 0) return isGap ? "gap" : "tail";
  for (const [i, dropsOut] of stepsOf(flight).entries()) {
    const dropped = left.filter(dropsOut);
    left = left.filter((fate) => !dropsOut(fate));
    if (left.length > 0) continue;
    if (i > 0)
      return flight.features.map((name) => `not_computable:${name}`).find((r) => dropped.includes(r)) ?? dropped[0]!;
    const named = flight.signals.filter((name) => dropped.includes(`low_coverage:${name}`));
    const at = (times: number[][]) =>
      named.find((name) => times[flight.signals.indexOf(name)]!.some((t) => t >= from && t < hopEnd));
    if (isGap) return "gap";
    if (at(flight.disowned) !== undefined) return `sensor_error:${at(flight.disowned)}`;
    if (at(flight.outside) !== undefined) return `out_of_range:${at(flight.outside)}`;
    return `low_coverage:${named[0]}`;
  }
  return "scored";
}
