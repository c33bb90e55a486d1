import type { SampleValues } from "../windows/series.ts";
import type { SignalFinding } from "./finding.ts";
import { type FlightView, short } from "./flight-view.ts";

/** Fewer samples are not judged. */
const LEAST_SAMPLES = 200;
/** Share of samples at an end of the signal's range, and how many at least. */
const RANGE_SHARE = 0.005;
const RANGE_SAMPLES = 10;
/** A plateau inside of the range: its share, and how often it is reached anew. Above half, the signal rests there. */
const PLATEAU_SHARE = 0.01;
const PLATEAU_VISITS = 20;
const REST_SHARE = 0.5;
/** It holds so many times what the next levels together hold: an unclipped signal thins out towards its ends. */
const TIMES_NEXT = 2;
const NEXT_LEVELS = 3;
/** A signal of fewer levels between its ends is too coarse to be judged. */
const LEAST_LEVELS = 20;

/** An unusual share of samples at exactly one end: of the signal's range, or of what it ever reaches. 0 is where signals rest, and no end. */
export function findClipped(view: FlightView, signal: number): SignalFinding | null {
  const { values } = view.samples(signal);
  const { range } = view.spec(signal);
  if (values.length < LEAST_SAMPLES) return null;
  const sketch = view.sketch(signal);
  const { low, high, atLow, atHigh, count } = endsOfSketch(sketch);
  const ends = [
    { end: high, share: atHigh / count, sign: 1 as const, limit: range?.[1] },
    { end: low, share: atLow / count, sign: -1 as const, limit: range?.[0] },
  ];
  for (const { end, share, sign, limit } of ends) {
    if (end === 0 || low === high || share < RANGE_SHARE) continue;
    // Of a slow signal many samples may be at its highest: in most cases a sketch tells that as many are just below.
    if (end !== limit && !standsOut(topLevels(sketch, sign), 1)) continue;
    const top = topLevels(values, sign);
    const isClipped = end === limit ? isAtLimit(top, values.length) : isPlateau(top, values.length, high - low);
    if (isClipped && top.levels[0]!.value === end) return findingOf(top, values.length, end === limit);
  }
  return null;
}

function endsOfSketch(sketch: Float64Array) {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < sketch.length; i++) {
    const x = sketch[i]!;
    if (x < low) low = x;
    if (x > high) high = x;
  }
  let atLow = 0;
  let atHigh = 0;
  for (let i = 0; i < sketch.length; i++) {
    if (sketch[i] === low) atLow++;
    if (sketch[i] === high) atHigh++;
  }
  return { low, high, atLow, atHigh, count: Math.max(1, sketch.length) };
}

/** The highest levels (for sign -1 the lowest), the utmost first, and how often that is reached anew. */
interface TopLevels {
  levels: { value: number; count: number }[];
  visits: number;
}

function topLevels(values: SampleValues, sign: 1 | -1): TopLevels {
  const levels: TopLevels["levels"] = [];
  let visits = 0;
  let before = Number.NaN;
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!;
    const least = levels.length <= NEXT_LEVELS ? Number.NEGATIVE_INFINITY : sign * levels[NEXT_LEVELS]!.value;
    if (sign * x >= least) {
      const place = levels.findIndex(({ value }) => sign * x >= sign * value);
      if (place !== -1 && levels[place]!.value === x) levels[place]!.count++;
      else levels.splice(place === -1 ? levels.length : place, 0, { value: x, count: 1 });
      if (levels.length > NEXT_LEVELS + 1) levels.pop();
      if (levels[0]!.value === x) visits = levels[0]!.count === 1 ? 1 : visits + (before === x ? 0 : 1);
    }
    before = x;
  }
  return { levels, visits };
}

function isAtLimit({ levels }: TopLevels, samples: number): boolean {
  const { count } = levels[0]!;
  return count >= RANGE_SAMPLES && count / samples >= RANGE_SHARE;
}

function isPlateau({ levels, visits }: TopLevels, samples: number, spread: number): boolean {
  const [top, ...next] = levels;
  const share = top!.count / samples;
  if (share < PLATEAU_SHARE || share > REST_SHARE || visits < PLATEAU_VISITS) return false;
  const gaps = next.map(({ value }, i) => Math.abs(levels[i]!.value - value));
  if (spread < LEAST_LEVELS * Math.min(...gaps)) return false;
  return standsOut({ levels }, TIMES_NEXT);
}

function standsOut({ levels: [top, ...next] }: Pick<TopLevels, "levels">, times: number): boolean {
  return top!.count > times * next.reduce((sum, { count }) => sum + count, 0);
}

function findingOf({ levels }: TopLevels, samples: number, isLimit: boolean): SignalFinding {
  const { value, count } = levels[0]!;
  const percent = short((100 * count) / samples);
  return {
    check: "clipped",
    count,
    seconds: null,
    worst: value,
    example: `${percent}% of the samples are exactly ${short(value)}, ${isLimit ? "an end of the range" : "which none exceeds"}`,
  };
}
