import { coverageOfSeries } from "../windows/coverage.ts";
import { fillGaps } from "../windows/fill-gaps.ts";
import { countWindows, type GridSpec, nanosecondsOf, planSegments, type SegmentPlan } from "../windows/grid.ts";
import { type Steps, stepsOf } from "../windows/median.ts";
import { commonestPhases } from "../windows/phase-sets.ts";
import { cutSegments, type Segments } from "../windows/segments.ts";
import type { Samples, SeriesInput, WindowFeatures } from "../windows/series.ts";
import { computeAllFeatures } from "./all-features.ts";
import type { Recipe, SignalSpec } from "./recipe.ts";
import { WindowStats } from "./window-stats.ts";

/** The grid of windows over one flight, which of them each signal covers, their phases and their features. Fewer than two rows: none. */
export function computeWindows(input: SeriesInput, recipe: Recipe): WindowFeatures {
  const cutter = new SeriesCutter(input, recipe);
  const cut = recipe.signals.map((spec, i) => cutter.cutSignal(input.samples[i]!, spec));
  const { count, originNs, grid } = cutter;
  const coverage = coverageOfSeries(cut, { lengthNs: grid.lengthNs, minCoverage: recipe.window.minCoverage });
  const signals = cut.map(
    ({ samples, segments, stepNs }) =>
      new WindowStats(samples, segments, new Float64Array(count).fill(stepNs ?? Number.NaN)),
  );
  return {
    count,
    starts: startsOf(count, originNs, grid.hopNs),
    phaseSets: commonestPhases(input.phases.codes, cutter.segmentsOf(input.phases.times)),
    coverage,
    features: computeAllFeatures(recipe, { signals, coverage, windowsStandAlone: false }),
  };
}

function startsOf(count: number, originNs: number, hopNs: number): Float64Array {
  const starts = new Float64Array(count);
  for (let k = 0; k < count; k++) starts[k] = originNs + k * hopNs;
  return starts;
}

/** Cuts the signals of one flight. Those sampled at the very same times share the work: all of a 10 Hz recording do. */
class SeriesCutter {
  readonly count: number;
  readonly originNs: number;
  readonly grid: GridSpec & { plan: SegmentPlan };
  readonly #rowStepNs: number;
  readonly #steps = new Map<Float64Array, Steps>();
  readonly #segments = new Map<Float64Array, Segments>();

  constructor({ rowTimes, rowSteps }: SeriesInput, { window }: Recipe) {
    const lengthNs = nanosecondsOf(window.lengthSeconds);
    const hopNs = nanosecondsOf(window.hopSeconds);
    const rows = rowTimes.length;
    this.originNs = rowTimes[0] ?? 0;
    if (rowSteps) this.#steps.set(rowTimes, rowSteps);
    this.#rowStepNs = rows < 2 ? 0 : this.#stepsOf(rowTimes).median;
    this.count = rows < 2 ? 0 : countWindows(rowTimes[rows - 1]! - this.originNs, this.#rowStepNs, { lengthNs, hopNs });
    this.grid = { lengthNs, hopNs, plan: planSegments(this.count, { lengthNs, hopNs }) };
  }

  cutSignal(valid: Samples, spec: SignalSpec): { samples: Samples; stepNs: number | null; segments: Segments } {
    const { samples, stepNs } = this.#nominalSamples(valid, spec);
    return { samples, stepNs, segments: this.segmentsOf(samples.times) };
  }

  segmentsOf(times: Float64Array): Segments {
    return remembered(this.#segments, times, () => cutSegments(times, this.originNs, this.grid));
  }

  /** A signal's samples with its gaps filled, and its nominal step; without filling the step is never more than that of the rows. */
  #nominalSamples(valid: Samples, { fill, maxGapSeconds }: SignalSpec): { samples: Samples; stepNs: number | null } {
    if (valid.times.length < 2) return { samples: valid, stepNs: null };
    const { median: stepNs, largest } = this.#stepsOf(valid.times);
    if (fill === "none") return { samples: valid, stepNs: Math.min(stepNs, this.#rowStepNs) };
    if (largest <= 1.5 * stepNs) return { samples: valid, stepNs };
    return { samples: fillGaps(valid, { fill, stepNs, maxGapNs: maxGapSeconds * 1e9 }), stepNs };
  }

  #stepsOf(times: Float64Array): Steps {
    return remembered(this.#steps, times, () => stepsOf(times));
  }
}

function remembered<T>(known: Map<Float64Array, T>, times: Float64Array, make: () => T): T {
  const found = known.get(times) ?? make();
  known.set(times, found);
  return found;
}
