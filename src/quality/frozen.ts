import type { Samples } from "../windows/series.ts";
import type { SignalFinding } from "./finding.ts";
import { type FlightView, RUNNING_PERCENT, short, valueAt } from "./flight-view.ts";
import { evenStride } from "./sketch.ts";

/** A stretch of one value is judged from this length on. */
const LEAST_SECONDS = 10;
const LEAST_SAMPLES = 10;
/** It is frozen if it is this often as long as the signal usually keeps a value. */
const TIMES_USUAL = 100;
/** A signal that never changes has no usual length: then so long. */
const LEAST_SECONDS_CONSTANT = 60;
/** Pairs of neighbours that tell how long a value is usually kept. */
const PAIRS = 1024;
/** Instants of a stretch at which the shaft, or the other signals, are looked at. */
const PROBES = 9;

/** Samples `from` to `to` (exclusive), all of one value. */
interface Stretch {
  from: number;
  to: number;
}

/** Stretches in which a signal keeps exactly one value while the engine runs, or without a shaft speed, while another signal moves. */
export function findFrozen(view: FlightView, signal: number): SignalFinding | null {
  const samples = view.samples(signal);
  const stretches = constantStretches(samples, view.stepNs(samples.times));
  if (stretches.length === 0) return null;
  const changes = changesOf(samples);
  const others = view.flight.input.samples.filter((_, i) => i !== signal);
  const frozen = stretches.filter(
    (stretch) => isLong(samples, stretch, changes) && isInUse(samples, stretch, { speed: view.speed, others }),
  );
  if (frozen.length === 0) return null;
  const lengths = frozen.map((stretch) => secondsOf(samples, stretch));
  const worst = Math.max(...lengths);
  const longest = frozen[lengths.indexOf(worst)]!;
  const since = view.instantText(samples.times[longest.from]!);
  return {
    check: "frozen",
    count: frozen.length,
    seconds: lengths.reduce((sum, seconds) => sum + seconds, 0),
    worst,
    example: `stays at exactly ${short(samples.values[longest.from]!)} for ${short(worst)} s from ${since}`,
  };
}

/** All stretches long enough to be judged. Of such a stretch two of the places looked at have one value: the rest is not read. */
function constantStretches({ times, values }: Samples, stepNs: number): Stretch[] {
  const perLeast = Math.round((LEAST_SECONDS * 1e9) / stepNs);
  // Where steps are uneven a stretch may have fewer samples than usual.
  const stride = Math.max(LEAST_SAMPLES >> 1, Math.floor(perLeast / 3));
  const found: Stretch[] = [];
  for (let at = 0; at + stride < values.length; at += stride) {
    if (values[at] !== values[at + stride]) continue;
    const stretch = expand(values, at, found[found.length - 1]?.to ?? 0);
    if (stretch.to <= at + stride) continue;
    if (isJudged(times, stretch)) found.push(stretch);
    at = Math.max(at, stretch.to - 1 - stride);
  }
  return found;
}

function expand(values: Samples["values"], at: number, least: number): Stretch {
  const value = values[at];
  let from = at;
  while (from > least && values[from - 1] === value) from--;
  let to = at + 1;
  while (to < values.length && values[to] === value) to++;
  return { from, to };
}

function isJudged(times: Float64Array, { from, to }: Stretch): boolean {
  return to - from >= LEAST_SAMPLES && times[to - 1]! - times[from]! >= LEAST_SECONDS * 1e9;
}

/** How often evenly spaced neighbours differ. */
interface Changes {
  stride: number;
  pairs: number;
  changes: number;
}

function changesOf({ values }: Samples): Changes {
  const stride = evenStride(values.length, PAIRS);
  let pairs = 0;
  let changes = 0;
  for (let i = 0; i + 1 < values.length; i += stride) {
    pairs++;
    if (values[i] !== values[i + 1]) changes++;
  }
  return { stride, pairs, changes };
}

/** Against how many samples in a row have one value outside of the stretch. */
function isLong(samples: Samples, stretch: Stretch, { stride, pairs, changes }: Changes): boolean {
  if (changes === 0) return secondsOf(samples, stretch) >= LEAST_SECONDS_CONSTANT;
  const length = stretch.to - stretch.from;
  return length >= (TIMES_USUAL * (pairs - length / stride)) / changes;
}

function secondsOf({ times }: Samples, { from, to }: Stretch): number {
  return (times[to - 1]! - times[from]!) / 1e9;
}

function isInUse(
  { times }: Samples,
  { from, to }: Stretch,
  { speed, others }: { speed: Samples | null; others: readonly Samples[] },
): boolean {
  const probes = probesOf(times[from]!, times[to - 1]!, PROBES);
  if (speed !== null && speed.values.length > 0) {
    const running = probes.filter((time) => valueAt(speed, time) >= RUNNING_PERCENT).length;
    return 2 * running > PROBES;
  }
  return others.some((other) => probes.some((time) => valueAt(other, time) !== valueAt(other, probes[0]!)));
}

/** Evenly spaced times of a stretch, its ends among them. */
function probesOf(fromNs: number, toNs: number, count: number): number[] {
  return Array.from({ length: count }, (_, k) => fromNs + Math.round((k * (toNs - fromNs)) / (count - 1)));
}
