import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Fault } from "../src/faults/fault.ts";

/** Flights that are made for a comparison: 8 distinct ones, the rest the same under other names. */
export interface FleetSize {
  flights: number;
  seconds: number;
  rateHz: number;
}

/** What is compared unless more is asked for; the first is this project. */
export const USUAL_CONTENDERS = ["flightbatch", "expert", "natural", "decode"] as const;

/** The names of all that can be compared: the engines that people would reach for, too. */
export const CONTENDERS = [...USUAL_CONTENDERS, "polars", "duckdb", "ray", "pyspark"] as const;

/** A name of {@link CONTENDERS}. */
export type ContenderName = (typeof CONTENDERS)[number];

/** The command line of the benchmark. */
export interface BenchOptions {
  /** The comparisons to make, one after the other; unused where `data` is given. */
  fleets: FleetSize[];
  /** A folder with recordings to compare on instead of made ones. */
  data: string | null;
  model: string;
  workers: number;
  repeats: number;
  only: readonly ContenderName[];
  /** File for all the numbers. */
  json: string | null;
  /** The Python that runs the peers. */
  python: string;
  /** Folder for made flights, kept for the next time. */
  cache: string;
}

/** Two comparisons that end in a minute or two. */
export const DEFAULT_FLEETS: readonly FleetSize[] = [
  { flights: 60, seconds: 5005, rateHz: 10 },
  { flights: 12, seconds: 5005, rateHz: 100 },
];

/** A month of a fleet at 10 Hz, and as many bytes at 100 Hz: what published figures are of. */
export const FULL_FLEETS: readonly FleetSize[] = [
  { flights: 500, seconds: 5005, rateHz: 10 },
  { flights: 48, seconds: 5005, rateHz: 100 },
];

const DEFAULT_MODEL = "test/fixtures/models/engine_vibration_detector/1.0.0";

const FLAGS = {
  flights: { type: "string" },
  seconds: { type: "string" },
  rate: { type: "string" },
  data: { type: "string" },
  model: { type: "string", default: DEFAULT_MODEL },
  workers: { type: "string", default: String(availableParallelism()) },
  repeats: { type: "string", default: "3" },
  full: { type: "boolean", default: false },
  peers: { type: "boolean", default: false },
  only: { type: "string" },
  json: { type: "string" },
  python: { type: "string", default: "python3" },
  cache: { type: "string", default: join(tmpdir(), "flightbatch-bench") },
} as const;

/**
 * Reads the command line.
 * @throws Fault `USAGE` for an unknown flag or a value that cannot be meant
 */
export function parseBenchOptions(args: string[]): BenchOptions {
  const { values } = parsed(args);
  return {
    fleets: fleetsOf(values),
    data: values.data === undefined ? null : resolve(values.data),
    model: resolve(values.model),
    workers: wholeNumber("workers", values.workers),
    repeats: wholeNumber("repeats", values.repeats),
    only: contendersOf(values),
    json: values.json === undefined ? null : resolve(values.json),
    python: values.python,
    cache: resolve(values.cache),
  };
}

function parsed(args: string[]) {
  try {
    return parseArgs({ args, options: FLAGS });
  } catch (error) {
    throw usage((error as Error).message, `the flags ${Object.keys(FLAGS).join(", ")}`);
  }
}

function fleetsOf(values: { flights?: string; seconds?: string; rate?: string; full: boolean }): FleetSize[] {
  const { flights, seconds, rate, full } = values;
  if (flights === undefined && seconds === undefined && rate === undefined)
    return [...(full ? FULL_FLEETS : DEFAULT_FLEETS)];
  const rateHz = wholeNumber("rate", rate ?? "10");
  return [
    { flights: wholeNumber("flights", flights ?? "60"), seconds: wholeNumber("seconds", seconds ?? "5005"), rateHz },
  ];
}

function contendersOf({ only, peers }: { only?: string; peers: boolean }): readonly ContenderName[] {
  if (only !== undefined) return only.split(",").map(contenderNamed);
  return peers ? CONTENDERS : USUAL_CONTENDERS;
}

function wholeNumber(flag: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw usage(`--${flag} ${text}`, "a whole number of 1 or more");
}

function contenderNamed(text: string): ContenderName {
  const name = CONTENDERS.find((known) => known === text.trim());
  if (name !== undefined) return name;
  throw usage(`--only ${text}`, `some of ${CONTENDERS.join(", ")}, with commas between them`);
}

function usage(found: string, expected: string): Fault {
  return new Fault({ code: "USAGE", found, expected, hint: "See bench/README.md." });
}
