import { roundHalfUp } from "./grid.ts";
import type { Samples } from "./series.ts";

/** Between which neighbours samples are put in: those further apart than 1.5 steps and at most `maxGapNs`. */
export interface FillRule {
  fill: "linear" | "hold";
  stepNs: number;
  maxGapNs: number;
}

/** The samples with short gaps closed by evenly spaced ones, `round(gap / step) - 1` in each; the same object where there is no such gap. */
export function fillGaps(samples: Samples, rule: FillRule): Samples {
  const added = countAdded(samples.times, rule);
  if (added === 0) return samples;
  const { times, values } = samples;
  const out = { times: new Float64Array(times.length + added), values: new Float64Array(times.length + added) };
  let at = 0;
  for (let i = 0; i < times.length; i++) {
    if (i > 0) at = putBetween(samples, i, { rule, out, at });
    out.times[at] = times[i]!;
    out.values[at++] = values[i]!;
  }
  return out;
}

function countAdded(times: Float64Array, rule: FillRule): number {
  let added = 0;
  for (let i = 1; i < times.length; i++) added += addedIn(times[i]! - times[i - 1]!, rule);
  return added;
}

function addedIn(gapNs: number, { stepNs, maxGapNs }: FillRule): number {
  return gapNs > 1.5 * stepNs && gapNs <= maxGapNs ? roundHalfUp(gapNs / stepNs) - 1 : 0;
}

function putBetween({ times, values }: Samples, i: number, to: { rule: FillRule; out: Samples; at: number }): number {
  const start = times[i - 1]!;
  const gap = times[i]! - start;
  const count = addedIn(gap, to.rule);
  const before = values[i - 1]!;
  const rise = to.rule.fill === "linear" ? values[i]! - before : 0;
  for (let k = 1; k <= count; k++) {
    const share = k / (count + 1);
    to.out.times[to.at + k - 1] = start + roundHalfUp(share * gap);
    to.out.values[to.at + k - 1] = before + share * rise;
  }
  return to.at + count;
}
