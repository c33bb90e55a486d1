import type { FeatureSpec, Recipe, SignalSpec } from "../features/recipe.ts";
import { lastAtOrBefore } from "../windows/search.ts";
import type { Samples, SeriesInput } from "../windows/series.ts";
import { type OutsideRange, sketchOf, usualStep } from "./sketch.ts";

/** A flight, as it was read. */
export interface FlightData {
  aircraftId: string;
  flightId: string;
  originNs: bigint;
  input: Pick<SeriesInput, "rowTimes" | "rowSteps" | "samples">;
  /** By signal, in the recipe's order; null where every value is in range. */
  outside: (OutsideRange | null)[];
}

/** From this share of its rated speed on, in percent, a shaft runs; below the other it stands still. */
export const RUNNING_PERCENT = 10;
/** See {@link RUNNING_PERCENT}. */
export const STANDSTILL_PERCENT = 5;

/** A feature that is tracked by the shaft's speed. */
export type OrderFeature = FeatureSpec & { speed: string; order: number; ratedRpm: number };

/** A flight as the checks see it, with what several of them ask for. Signals are named by their place in the recipe. */
export class FlightView {
  readonly flight: FlightData;
  readonly recipe: Recipe;
  /** The shaft's speed in percent, or null if no feature asks for one. */
  readonly speed: Samples | null;
  readonly orderFeatures: OrderFeature[];
  readonly #sketches: Float64Array[] = [];
  readonly #steps = new Map<Float64Array, number>();

  constructor(flight: FlightData, recipe: Recipe) {
    this.flight = flight;
    this.recipe = recipe;
    this.orderFeatures = recipe.features.flatMap(({ speed, order, ratedRpm, ...feature }) =>
      speed === undefined || order === undefined || ratedRpm === undefined
        ? []
        : [{ ...feature, speed, order, ratedRpm }],
    );
    this.speed = this.samplesOf(this.orderFeatures[0]?.speed);
  }

  spec(signal: number): SignalSpec {
    return this.recipe.signals[signal]!;
  }

  samples(signal: number): Samples {
    return this.flight.input.samples[signal]!;
  }

  samplesOf(name: string | undefined): Samples | null {
    return this.flight.input.samples[this.recipe.signals.findIndex((signal) => signal.name === name)] ?? null;
  }

  /** Some of the samples, evenly spaced. */
  sketch(signal: number): Float64Array {
    this.#sketches[signal] ??= sketchOf(this.samples(signal).values);
    return this.#sketches[signal];
  }

  /** The usual step of ascending times, nanoseconds; NaN of fewer than two. */
  stepNs(times: Float64Array): number {
    const known = this.#steps.get(times) ?? usualStep(times);
    this.#steps.set(times, known);
    return known;
  }

  /** A time of the flight in ISO 8601, to the millisecond. */
  instantText(timeNs: number): string {
    const milliseconds = Number((this.flight.originNs + BigInt(Math.round(timeNs))) / 1_000_000n);
    return new Date(milliseconds).toISOString();
  }
}

/** Value at a time: that of the newest sample at or before it, else of the first; NaN of no samples. */
export function valueAt({ times, values }: Samples, timeNs: number): number {
  const i = lastAtOrBefore(times, timeNs, { from: 0, to: times.length });
  return values[Math.max(0, i)] ?? Number.NaN;
}

/** A number in at most six digits, for a sentence. */
export function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}
