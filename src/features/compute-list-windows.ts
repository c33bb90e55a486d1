import { roundHalfUp } from "../windows/grid.ts";
import type { Segments } from "../windows/segments.ts";
import {
  COVERED,
  type ListInput,
  NO_EXTENT,
  type SampleLists,
  UNKNOWN_PHASE,
  type WindowFeatures,
} from "../windows/series.ts";
import { computeAllFeatures } from "./all-features.ts";
import type { Recipe } from "./recipe.ts";
import { WindowStats } from "./window-stats.ts";

/** Windows of a processed table, one a row: their coverage against the usual list length, their phases and their features. */
export function computeListWindows(input: ListInput, recipe: Recipe): WindowFeatures {
  const count = input.starts.length;
  const signals = input.lists.map((lists) => samplesOfLists(lists, input));
  const coverage = coverageOfLists(input, signals, recipe.window.minCoverage);
  return {
    count,
    starts: input.starts,
    phaseSets: input.phases.map((phase) => (phase === UNKNOWN_PHASE ? 0 : 1 << phase)),
    coverage,
    features: computeAllFeatures(recipe, { signals, coverage, windowsStandAlone: true }),
  };
}

/**
 * The valid samples of all rows in a row, each at `start + round(i * step)` with step = (end - start) / length of its own list. A row
 * without an extent has none: its samples would have no times, and what walks along times would never end.
 */
function samplesOfLists({ offsets, values }: SampleLists, { starts, ends }: ListInput): WindowStats {
  const rows = starts.length;
  const samples = { times: new Float64Array(values.length), values: new Float64Array(values.length) };
  const segments: Segments = {
    first: new Int32Array(rows),
    end: new Int32Array(rows),
    perWindow: 1,
    windowCount: rows,
  };
  const stepsNs = new Float64Array(rows);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    const from = offsets[row]!;
    const to = Number.isNaN(ends[row]!) ? from : offsets[row + 1]!;
    const stepNs = (ends[row]! - starts[row]!) / Math.max(1, to - from);
    segments.first[row] = at;
    for (let i = from; i < to; i++) {
      if (!Number.isFinite(values[i]!)) continue;
      samples.times[at] = starts[row]! + roundHalfUp((i - from) * stepNs);
      samples.values[at++] = values[i]!;
    }
    segments.end[row] = at;
    stepsNs[row] = stepNs;
  }
  return new WindowStats(samples, segments, stepsNs);
}

function coverageOfLists({ ends, lists }: ListInput, signals: WindowStats[], minCoverage: number): Int16Array {
  const coverage = new Int16Array(ends.length).fill(COVERED);
  for (let i = lists.length - 1; i >= 0; i--) {
    const { offsets, usualLength } = lists[i]!;
    for (let row = 0; row < coverage.length; row++) {
      const length = offsets[row + 1]! - offsets[row]!;
      const covered = length > 0 && signals[i]!.counts[row]! / Math.max(usualLength, length) >= minCoverage;
      if (!covered) coverage[row] = i;
    }
  }
  for (let row = 0; row < coverage.length; row++) if (Number.isNaN(ends[row]!)) coverage[row] = NO_EXTENT;
  return coverage;
}
