import { coverageOfSeries } from "../windows/coverage.ts";
import { fillGaps } from "../windows/fill-gaps.ts";
import { countWindows, type GridSpec, nanosecondsOf, planSegments, type SegmentPlan } from "../windows/grid.ts";
import { medianStep } from "../windows/median.ts";
import { commonestPhases } from "../windows/phase-sets.ts";
import { cutSegments } from "../windows/segments.ts";
import type { Samples, SeriesInput, WindowFeatures } from "../windows/series.ts";
import { computeAllFeatures } from "./all-features.ts";
import type { Recipe, SignalSpec } from "./recipe.ts";
import { WindowStats } from "./window-stats.ts";

/** The grid of windows over one flight, which of them each signal covers, their phases and their features. Fewer than two rows: none. */
export function computeWindows(input: SeriesInput, recipe: Recipe): WindowFeatures {
  const { rowTimes } = input;
  const lengthNs = nanosecondsOf(recipe.window.lengthSeconds);
  const hopNs = nanosecondsOf(recipe.window.hopSeconds);
  const originNs = rowTimes[0] ?? 0;
  const rowStepNs = rowTimes.length < 2 ? 0 : medianStep(rowTimes);
  const count =
    rowTimes.length < 2 ? 0 : countWindows(rowTimes[rowTimes.length - 1]! - originNs, rowStepNs, { lengthNs, hopNs });
  const grid = { lengthNs, hopNs, plan: planSegments(count, { lengthNs, hopNs }) };
  const cut = recipe.signals.map((spec, i) => cutSignal(input.samples[i]!, spec, { rowStepNs, originNs, grid }));
  const coverage = coverageOfSeries(cut, { lengthNs, minCoverage: recipe.window.minCoverage });
  const signals = cut.map(
    ({ samples, segments, stepNs }) =>
      new WindowStats(samples, segments, new Float64Array(count).fill(stepNs ?? Number.NaN)),
  );
  return {
    count,
    starts: Float64Array.from({ length: count }, (_, k) => originNs + k * hopNs),
    phaseSets: commonestPhases(input.phases.codes, cutSegments(input.phases.times, originNs, grid)),
    coverage,
    features: computeAllFeatures(recipe, { signals, coverage, windowsStandAlone: false }),
  };
}

interface SeriesGrid {
  rowStepNs: number;
  originNs: number;
  grid: GridSpec & { plan: SegmentPlan };
}

function cutSignal(valid: Samples, spec: SignalSpec, { rowStepNs, originNs, grid }: SeriesGrid) {
  const { samples, stepNs } = nominalSamples(valid, spec, rowStepNs);
  return { samples, stepNs, segments: cutSegments(samples.times, originNs, grid) };
}

/** A signal's samples with its gaps filled, and its nominal step; without filling the step is never more than that of the rows. */
function nominalSamples(
  valid: Samples,
  spec: SignalSpec,
  rowStepNs: number,
): { samples: Samples; stepNs: number | null } {
  if (valid.times.length < 2) return { samples: valid, stepNs: null };
  const stepNs = medianStep(valid.times);
  if (spec.fill === "none") return { samples: valid, stepNs: Math.min(stepNs, rowStepNs) };
  return { samples: fillGaps(valid, { fill: spec.fill, stepNs, maxGapNs: spec.maxGapSeconds * 1e9 }), stepNs };
}
