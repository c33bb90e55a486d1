import type { Recipe, SignalSpec } from "../../src/features/recipe.ts";
import { findInFlight } from "../../src/quality/find-in-flight.ts";
import type { QualityCheck, QualityFinding } from "../../src/quality/finding.ts";
import type { FlightData } from "../../src/quality/flight-view.ts";
import { sketchOf } from "../../src/quality/sketch.ts";
import { finiteOutside } from "../../src/recording/samples.ts";
import { feature, recipe, START, signal } from "../support/record.ts";

/** A signal of a test: a value at a time, NaN where there is none, and how often it is recorded. */
export interface TestSignal {
  hertz?: number;
  spec?: Partial<SignalSpec>;
  at: (seconds: number, i: number) => number;
}

/** Numbers from 0 to 1 that look random, the same in each run. */
export function noise(i: number, stream = 0): number {
  let x = Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  x = Math.imul(x ^ (x >>> 12), 0x297a2d39);
  return ((x ^ (x >>> 15)) >>> 0) / 2 ** 32;
}

/** Rounds as a recorder of so many steps a unit does. */
export function quantise(value: number, stepsPerUnit: number): number {
  return Math.round(value * stepsPerUnit) / stepsPerUnit;
}

/** A speed of `level` percent that wanders a little, ten times a second. */
export function shaft(level = 84, spec: Partial<SignalSpec> = {}): TestSignal {
  return {
    hertz: 10,
    spec: { unit: "percent", range: [0, 110], fill: "linear", ...spec },
    at: (_, i) => (level === 0 ? 0 : quantise(level + 0.4 * (noise(i, 7) - 0.5), 16)),
  };
}

/** Vibration around 2 mils at 100 Hz. */
export function vibration(spec: Partial<SignalSpec> = {}): TestSignal {
  return {
    hertz: 100,
    spec: { unit: "mils", range: [0, 10], ...spec },
    at: (_, i) => quantise(2 + noise(i, 1) + noise(i, 2) + noise(i, 3) - 1.5, 128),
  };
}

/** A recipe for the signals, with an order of `vib` tracked by `n1` where both are there. */
export function recipeOf(signals: Record<string, TestSignal>): Recipe {
  const tracked = "n1" in signals && "vib" in signals;
  return recipe({
    signals: Object.entries(signals).map(([name, { spec }]) => signal(name, spec)),
    features: [
      ...Object.keys(signals).map((name) => feature(`${name}_mean`, { signal: name })),
      ...(tracked
        ? [feature("share", { op: "order_ratio" as const, signal: "vib", speed: "n1", order: 1, ratedRpm: 2560 })]
        : []),
    ],
  });
}

/** A flight of these signals, with rows at the fastest of their rates. `isThere` leaves out rows. */
export function flightOf(
  signals: Record<string, TestSignal>,
  { seconds = 240, isThere = () => true }: { seconds?: number; isThere?: (seconds: number) => boolean } = {},
): FlightData {
  const fastest = Math.max(...Object.values(signals).map(({ hertz = 10 }) => hertz));
  const rows = Array.from({ length: seconds * fastest }, (_, i) => i / fastest).filter(isThere);
  const outside: FlightData["outside"] = [];
  const samples = Object.values(signals).map(({ hertz = 10, at, spec }) => {
    const times = Array.from({ length: seconds * hertz }, (_, i) => i / hertz);
    const all = times
      .map((time, i) => ({ time: Math.round(time * 1e9), value: isThere(time) ? at(time, i) : Number.NaN }))
      .filter(({ value }) => Number.isFinite(value));
    const [low, high] = spec?.range ?? [-Number.MAX_VALUE, Number.MAX_VALUE];
    const values = Float64Array.from(all, ({ value }) => value);
    const found = finiteOutside(values, { low, high });
    outside.push(found.count === 0 ? null : { ...found, sketch: sketchOf(values) });
    const kept = all.filter(({ value }) => value >= low && value <= high);
    return {
      times: Float64Array.from(kept, ({ time }) => time),
      values: Float64Array.from(kept, ({ value }) => value),
    };
  });
  const rowTimes = Float64Array.from(rows, (time) => Math.round(time * 1e9));
  return {
    aircraftId: "AC001",
    flightId: "F1",
    originNs: START,
    input: { rowTimes, rowSteps: null, samples },
    outside,
  };
}

/** What is found in a flight of these signals. */
export function find(
  signals: Record<string, TestSignal>,
  options: { seconds?: number; isThere?: (seconds: number) => boolean; recipe?: Partial<Recipe> } = {},
): QualityFinding[] {
  return findInFlight(flightOf(signals, options), { ...recipeOf(signals), ...options.recipe });
}

/** The findings as `check signal`. */
export function names(findings: readonly QualityFinding[]): string[] {
  return findings.map(({ check, signal: name }) => (name === null ? check : `${check} ${name}`));
}

/** The one finding of a check; fails if there is none, or another. */
export function only(findings: readonly QualityFinding[], check: QualityCheck): QualityFinding {
  if (findings.length !== 1 || findings[0]!.check !== check)
    throw new Error(`not one finding of ${check} but ${JSON.stringify(findings)}`);
  return findings[0]!;
}
