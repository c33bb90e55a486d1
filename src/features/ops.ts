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
  mean: ({ sums: { sum }, counts }) => perWindow(counts, (w) => sum[w]! / counts[w]!),
  min: ({ extremes }) => extremes.min.slice(),
  max: ({ extremes }) => extremes.max.slice(),
  first: ({ samples: { values }, segments, counts }) => perWindow(counts, (w) => values[segments.first[w]!]!),
  last: ({ samples: { values }, segments, counts }) => perWindow(counts, (w) => values[windowEnd(segments, w) - 1]!),
  rms: (stats) => rmsOf(stats),
  peak: (stats) => peakOf(stats),
  peak_to_peak: ({ extremes: { min, max }, counts }) => perWindow(counts, (w) => max[w]! - min[w]!),
  std: (stats) => stdOf(stats),
  crest_factor: (stats) => crestFactors(stats),
  skewness: (stats) => standardised(stats, { power: 3 }),
  kurtosis: (stats) => standardised(stats, { power: 4 }),
  slope: (stats) => slopeOfWindows(stats),
  rate: (stats, { feature }) => rateOfWindows(stats, nanosecondsOf(feature.seconds!)),
  order_amplitude: (stats, context) => orderAmplitudes(orderInput(stats, context)),
  order_ratio: (stats, context) => orderRatios(orderInput(stats, context)),
};

function rmsOf({ sums: { squares }, counts }: WindowStats): Float64Array {
  return perWindow(counts, (w) => Math.sqrt(squares[w]! / counts[w]!));
}

function peakOf({ extremes: { min, max }, counts }: WindowStats): Float64Array {
  return perWindow(counts, (w) => Math.max(Math.abs(max[w]!), Math.abs(min[w]!)));
}

function stdOf(stats: WindowStats): Float64Array {
  const { second } = stats.moments(2);
  return perWindow(stats.counts, (w) => Math.sqrt(second[w]! / stats.counts[w]!));
}

function crestFactors(stats: WindowStats): Float64Array {
  const peaks = peakOf(stats);
  const rms = rmsOf(stats);
  return perWindow(stats.counts, (w) => (rms[w] === 0 ? 0 : peaks[w]! / rms[w]!));
}

/** Central moment of a power over that power of the standard deviation; 0 where the signal is constant. */
function standardised(stats: WindowStats, { power }: { power: 3 | 4 }): Float64Array {
  const { second, third, fourth } = stats.moments(4);
  const sums = power === 3 ? third : fourth;
  return perWindow(stats.counts, (w) => {
    const count = stats.counts[w]!;
    const variance = second[w]! / count;
    if (variance === 0) return 0;
    return sums[w]! / count / (power === 3 ? variance ** 1.5 : variance ** 2);
  });
}

function orderInput(signal: WindowStats, { feature, signalNamed, windowsStandAlone }: OpContext): OrderInput {
  const hertzPerPercent = (feature.order! * feature.ratedRpm!) / 6000;
  return { signal, speed: signalNamed(feature.speed!), hertzPerPercent, windowsStandAlone };
}
