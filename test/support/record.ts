import type { FeatureSpec, Recipe, SignalSpec } from "../../src/features/recipe.ts";
import { readParquetTable } from "../../src/recording/parquet/read-parquet.ts";
import { readRecording } from "../../src/recording/read-recording.ts";
import type { FlightFeatures, FlightLists, FlightSeries, InputKind, Recording } from "../../src/recording/recording.ts";
import { type TestTable, tableBytes } from "./write-table.ts";

/** Nanoseconds in a second. */
export const SECOND = 1_000_000_000n;

/** The start of the tests' flights: 2025-10-11T06:00:00Z. */
export const START = 1_760_162_400n * SECOND;

/** Times from {@link START} on, at these seconds after it. */
export function secondsAfter(seconds: readonly number[]): bigint[] {
  return seconds.map((s) => START + BigInt(Math.round(s * 1e9)));
}

/** `count` numbers from 0 on, `step` apart. */
export function steps(count: number, step = 1): number[] {
  return Array.from({ length: count }, (_, i) => i * step);
}

/** A signal of a test's recipe. */
export function signal(name: string, more: Partial<SignalSpec> = {}): SignalSpec {
  return { name, columns: [name], range: null, fill: "none", maxGapSeconds: 10, ...more };
}

/** A feature of a test's recipe. */
export function feature(name: string, more: Partial<FeatureSpec> = {}): FeatureSpec {
  return { name, op: "mean", signal: "vib", onMissing: "skip", ...more };
}

/** A recipe of windows of 10 s every 5 s. */
export function recipe(more: Partial<Recipe> = {}): Recipe {
  return {
    window: { lengthSeconds: 10, hopSeconds: 5, minCoverage: 0.95 },
    clipSigma: null,
    signals: [signal("vib"), signal("n1")],
    features: [feature("a"), feature("b", { signal: "n1" })],
    ...more,
  };
}

/** What is understood of a table, written to Parquet and read back. */
export function record(table: TestTable, options: { recipe?: Recipe; kind?: InputKind } = {}): Recording {
  const read = readParquetTable("file.parquet", tableBytes(table), () => true);
  try {
    const recording = readRecording(read, {
      path: "file.parquet",
      recipe: options.recipe ?? recipe(),
      identity: { aircraftId: "AC001", flightId: "F1" },
      kind: options.kind,
    });
    if (recording.kind === "raw" || recording.kind === "interim") recording.flights.forEach(keepValues);
    return recording;
  } finally {
    read.release();
  }
}

/** Values may lie in the table's memory, which is about to be given back. */
function keepValues({ input }: FlightSeries): void {
  for (const samples of input.samples) samples.values = samples.values.slice();
}

/** A recording that is a series; fails if it is of another kind. */
export function seriesOf(recording: Recording): FlightSeries[] {
  if (recording.kind === "raw" || recording.kind === "interim") return recording.flights;
  throw new Error(`not a series but ${recording.kind}`);
}

/** A recording of lists; fails if it is of another kind. */
export function listsOf(recording: Recording): FlightLists[] {
  if (recording.kind === "processed") return recording.flights;
  throw new Error(`not processed but ${recording.kind}`);
}

/** A recording of features; fails if it is of another kind. */
export function featuresOf(recording: Recording): FlightFeatures[] {
  if (recording.kind === "features") return recording.flights;
  throw new Error(`not features but ${recording.kind}`);
}
