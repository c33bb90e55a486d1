import { type GridSpec, roundHalfUp } from "../windows/grid.ts";
import { stepsOf } from "../windows/median.ts";
import { commonestPhases } from "../windows/phase-sets.ts";
import type { Marks, RecordedHops } from "../windows/recorded.ts";
import { cutSegments } from "../windows/segments.ts";
import type { SeriesInput } from "../windows/series.ts";

/** What was recorded of a series, by hop. Costs a look at the rows' phases, and at rows only where there is trouble. */
export function recordHops(input: SeriesInput, { lengthNs, hopNs }: GridSpec): RecordedHops {
  const { rowTimes, phases } = input;
  const steps = rowTimes.length < 2 ? null : (input.rowSteps ?? stepsOf(rowTimes));
  const originNs = rowTimes[0] ?? 0;
  const stepNs = steps === null ? 0 : roundHalfUp(steps.median);
  const spanNs = steps === null ? 0 : rowTimes[rowTimes.length - 1]! - originNs + stepNs;
  const hops = { originNs, hopNs, count: Math.ceil(spanNs / hopNs) };
  const plan = { perWindow: 1, segmentCount: hops.count, segmentNs: hopNs };
  const lost = input.samples.map(({ lost }) => lost);
  return {
    kind: "hops",
    lengthNs,
    hopNs,
    spanNs,
    stepNs,
    phaseSets: commonestPhases(phases.codes, cutSegments(phases.times, originNs, { lengthNs: hopNs, hopNs, plan })),
    // A hop without any row wants a step longer than a hop.
    gaps: steps === null || steps.largest <= hopNs ? null : markGaps(rowTimes, stepNs, hops),
    disowned: lost.map((times) => markHops(times?.disowned ?? null, hops)),
    outside: lost.map((times) => markHops(times?.outside ?? null, hops)),
  };
}

interface Hops {
  originNs: number;
  hopNs: number;
  count: number;
}

/** The hops that lie wholly between two rows, the first of which stands for one step. */
function markGaps(rowTimes: Float64Array, stepNs: number, { originNs, hopNs, count }: Hops): Marks {
  const marks = new Uint8Array(count);
  for (let i = 1; i < rowTimes.length; i++) {
    const from = rowTimes[i - 1]! - originNs + stepNs;
    const to = rowTimes[i]! - originNs;
    if (to - from >= hopNs) marks.fill(1, Math.ceil(from / hopNs), Math.floor(to / hopNs));
  }
  return marks.includes(1) ? marks : null;
}

function markHops(times: Float64Array | null, { originNs, hopNs, count }: Hops): Marks {
  if (times === null || times.length === 0 || count === 0) return null;
  const marks = new Uint8Array(count);
  for (const time of times) marks[Math.floor((time - originNs) / hopNs)] = 1;
  return marks;
}
