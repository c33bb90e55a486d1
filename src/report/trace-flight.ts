import { MOST } from "./caps.ts";
import { decimate, type Point } from "./decimate.ts";
import type { FlightInDepth, Stretch } from "./model.ts";
import type { FlightWindow } from "./read-flights.ts";
import { epochMs } from "./words.ts";

/** A stretch of time in nanoseconds since 1970 UTC. */
export interface Span {
  fromNs: bigint;
  toNs: bigint;
}

/** What of a flight is drawn over time. */
export type FlightTrace = Pick<
  FlightInDepth,
  "windows" | "anomalies" | "maxScore" | "scores" | "anomalousScores" | "thresholds" | "phases" | "unexamined"
>;

/**
 * A flight's windows (in the order of their starts) as lines and stretches. Where a window is missing the line is broken; time that no window
 * covers is a stretch of its own, also at both ends of the `recorded` time where that is known.
 */
export function traceFlight(windows: readonly FlightWindow[], hopNs: bigint, recorded: Span | null): FlightTrace {
  const times = windows.map(({ startNs }) => epochMs(startNs));
  const values = windows.map(({ score }) => score);
  const gap = (1.5 * Number(hopNs)) / 1e6;
  const anomalous = windows.map(({ isAnomaly }, i) => (isAnomaly ? i : -1)).filter((i) => i !== -1);
  return {
    windows: windows.length,
    anomalies: anomalous.length,
    maxScore: values.length === 0 ? null : values.reduce((a, b) => Math.max(a, b)),
    scores: decimate({ times, values }, { most: MOST.scorePoints, gap }),
    anomalousScores: decimate(
      { times: anomalous.map((i) => times[i]!), values: anomalous.map((i) => values[i]!) },
      { most: MOST.scorePoints / 2, gap: Number.POSITIVE_INFINITY },
    ),
    thresholds: thresholdSteps(windows),
    phases: phaseStretches(windows),
    unexamined: unexaminedStretches(windows, recorded),
  };
}

/** The threshold where it begins, where it changes, and at the end; a gap in the windows does not change it. */
function thresholdSteps(windows: readonly FlightWindow[]): Point[] {
  const steps: Point[] = [];
  for (const [i, { startNs, threshold }] of windows.entries()) {
    if (threshold !== null && (i === 0 || threshold !== windows[i - 1]!.threshold))
      steps.push([epochMs(startNs), threshold]);
  }
  const last = windows[windows.length - 1];
  if (last?.threshold != null) steps.push([epochMs(last.endNs), last.threshold]);
  return steps;
}

/** A phase lasts from its first window's start to the next phase's; to the end of its last window where none follows at once. */
function phaseStretches(windows: readonly FlightWindow[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const [i, { startNs, endNs, phase }] of windows.entries()) {
    if (phase === null) continue;
    const next = windows[i + 1];
    const isFollowed = next !== undefined && next.startNs <= endNs;
    const to = epochMs(isFollowed ? next.startNs : endNs);
    const open = stretches[stretches.length - 1];
    const from = epochMs(startNs);
    if (open?.label === phase && open.to >= from) open.to = to;
    else stretches.push({ from, to, label: phase });
  }
  return stretches;
}

function unexaminedStretches(windows: readonly FlightWindow[], recorded: Span | null): Stretch[] {
  const stretches: Stretch[] = [];
  const label = "not examined";
  let covered = recorded?.fromNs ?? windows[0]?.startNs ?? null;
  for (const { startNs, endNs } of windows) {
    if (covered !== null && startNs > covered) stretches.push({ from: epochMs(covered), to: epochMs(startNs), label });
    covered = covered === null || endNs > covered ? endNs : covered;
  }
  if (recorded !== null && covered !== null && covered < recorded.toNs)
    stretches.push({ from: epochMs(covered), to: epochMs(recorded.toNs), label });
  return stretches;
}
