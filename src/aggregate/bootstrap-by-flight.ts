import { seededRandom } from "./seeded-random.ts";

/** What each flight of a group adds to its rates. The three are of one length, a flight each. */
export interface FlightTotals {
  anomalies: Float64Array;
  windows: Float64Array;
  /** Scored time, seconds. */
  seconds: Float64Array;
}

/** Bounds of the three rates of a group. */
export interface RateIntervals {
  perWindow: [number, number];
  perFlight: [number, number];
  /** Anomalies per second of scored time; null where there is no time. */
  perSecond: [number, number] | null;
}

/** How intervals are made. */
export interface BootstrapOptions {
  resamples: number;
  seed: number;
  /** Share of the resampled rates that the interval holds, such as 0.95. */
  confidence: number;
}

/** What is used unless a caller wants otherwise; results say so. */
export const BOOTSTRAP: BootstrapOptions = { resamples: 1000, seed: 1, confidence: 0.95 };

/**
 * Intervals of a group's rates. Windows overlap and a fault lasts, so windows are no independent draws: whole flights are drawn instead, with
 * replacement, as many as there are (cluster bootstrap: Davison and Hinkley 1997, "Bootstrap Methods and their Application", section 3.8), and
 * each rate is a ratio of sums over them. Percentile interval (Efron and Tibshirani 1993, "An Introduction to the Bootstrap", chapter 13),
 * quantiles linear between order statistics (type 7 of Hyndman and Fan 1996). Null for fewer than two flights: one says nothing of the spread.
 */
export function bootstrapByFlight(flights: FlightTotals, options: BootstrapOptions = BOOTSTRAP): RateIntervals | null {
  const count = flights.windows.length;
  if (count < 2) return null;
  const { resamples, confidence } = options;
  const rates = {
    perWindow: new Float64Array(resamples),
    perFlight: new Float64Array(resamples),
    perSecond: new Float64Array(resamples),
  };
  drawSums(flights, options, (i, { anomalies, windows, seconds }) => {
    rates.perWindow[i] = anomalies / windows;
    rates.perFlight[i] = anomalies / count;
    rates.perSecond[i] = anomalies / seconds;
  });
  const perSecond = rates.perSecond.every(Number.isFinite) ? bounds(rates.perSecond, confidence) : null;
  return { perWindow: bounds(rates.perWindow, confidence), perFlight: bounds(rates.perFlight, confidence), perSecond };
}

interface Sums {
  anomalies: number;
  windows: number;
  seconds: number;
}

/** Draws the flights of each resample, and hands its sums on. */
function drawSums(
  flights: FlightTotals,
  { resamples, seed }: BootstrapOptions,
  use: (i: number, sums: Sums) => void,
): void {
  const { anomalies, windows, seconds } = flights;
  const count = windows.length;
  const random = seededRandom(seed);
  for (let i = 0; i < resamples; i++) {
    let [drawnAnomalies, drawnWindows, drawnSeconds] = [0, 0, 0];
    for (let k = 0; k < count; k++) {
      const drawn = Math.floor((random() / 2 ** 32) * count);
      drawnAnomalies += anomalies[drawn]!;
      drawnWindows += windows[drawn]!;
      drawnSeconds += seconds[drawn]!;
    }
    use(i, { anomalies: drawnAnomalies, windows: drawnWindows, seconds: drawnSeconds });
  }
}

/** The middle part of the values. */
function bounds(values: Float64Array, confidence: number): [number, number] {
  const sorted = values.sort();
  const tail = (1 - confidence) / 2;
  return [quantile(sorted, tail), quantile(sorted, 1 - tail)];
}

function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}
