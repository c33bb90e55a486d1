import { nanosecondsOf } from "../windows/grid.ts";
import { windowEnd } from "../windows/segments.ts";
import { type OrderInput, orderAmplitudes, orderRatios } from "./order-ops.ts";
import { perWindow } from "./per-window.ts";
import { rateOfWindows } from "./rate.ts";
import type { FeatureOp, FeatureSpec } from "./recipe.ts";
import { slopeOfWindows } from "./slope.ts";
import type { WindowStats } from "./window-stats.ts";

/** What an op may ask for beside its own signal. */
export interface OpContext {
  feature: FeatureSpec;
  signalNamed(name: string): WindowStats;
  windowsStandAlone: boolean;
}

/** A value per window, not finite where it cannot be computed. */
type Op = (stats: WindowStats, context: OpContext) => Float64Array;

/** Every op of a recipe. Moments are those of the population; a normal distribution has kurtosis 3. */
export const OPS: Record<FeatureOp, Op> = {
  mean: ({ sums, counts }) => sums.sum.map((sum, w) => sum / counts[w]!),
  min: ({ extremes }) => extremes.min.slice(),
  max: ({ extremes }) => extremes.max.slice(),
  first: ({ samples, segments, counts }) => perWindow(counts, (w) => samples.values[segments.first[w]!]!),
  last: ({ samples, segments, counts }) => perWindow(counts, (w) => samples.values[windowEnd(segments, w) - 1]!),
  rms: (stats) => rmsOf(stats),
  peak: (stats) => peakOf(stats),
  peak_to_peak: ({ extremes }) => extremes.max.map((max, w) => max - extremes.min[w]!),
  std: (stats) => stats.moments(2).second.map((second, w) => Math.sqrt(second / stats.counts[w]!)),
  crest_factor: (stats) => crestFactors(stats),
  skewness: (stats) => standardised(stats, { power: 3 }),
  kurtosis: (stats) => standardised(stats, { power: 4 }),
  slope: (stats) => slopeOfWindows(stats),
  rate: (stats, { feature }) => rateOfWindows(stats, nanosecondsOf(feature.seconds!)),
  order_amplitude: (stats, context) => orderAmplitudes(orderInput(stats, context)),
  order_ratio: (stats, context) => orderRatios(orderInput(stats, context)),
};

function rmsOf({ sums, counts }: WindowStats): Float64Array {
  return sums.squares.map((squares, w) => Math.sqrt(squares / counts[w]!));
}

function peakOf({ extremes: { min, max } }: WindowStats): Float64Array {
  return max.map((highest, w) => Math.max(Math.abs(highest), Math.abs(min[w]!)));
}

function crestFactors(stats: WindowStats): Float64Array {
  const peaks = peakOf(stats);
  return rmsOf(stats).map((rms, w) => (rms === 0 ? 0 : peaks[w]! / rms));
}

/** Central moment of a power over that power of the standard deviation; 0 where the signal is constant. */
function standardised(stats: WindowStats, { power }: { power: 3 | 4 }): Float64Array {
  const { second, third, fourth } = stats.moments(4);
  const sums = power === 3 ? third : fourth;
  return sums.map((sum, w) => {
    const count = stats.counts[w]!;
    const variance = second[w]! / count;
    if (variance === 0) return 0;
    return sum / count / (power === 3 ? variance ** 1.5 : variance ** 2);
  });
}

function orderInput(signal: WindowStats, { feature, signalNamed, windowsStandAlone }: OpContext): OrderInput {
  const hertzPerPercent = (feature.order! * feature.ratedRpm!) / 6000;
  return { signal, speed: signalNamed(feature.speed!), hertzPerPercent, windowsStandAlone };
}
