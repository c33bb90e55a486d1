import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import type { Database } from "../aggregate/database.ts";
import type { ResultFile } from "../aggregate/result-file.ts";
import { companionPath } from "../aggregate/run-facts.ts";
import type { InputFile } from "../io/input-file.ts";
import { listInputs } from "../io/list-inputs.ts";
import { isRemote } from "../io/storage/address.ts";
import { INPUT_KINDS, type InputKind } from "../recording/recording.ts";
import { sqlPath } from "../results/duckdb.ts";

/** What is known of the run that made results, as far as it is needed to make some of them again. */
export interface RunRecord {
  /** Folders that its paths may be from: where the run was started, and where the results are. */
  places: string[];
  bundleDirectory: string | null;
  inputKind: InputKind | null;
  /** Folder of the run's feature cache, null where there is none. */
  cacheDirectory: string | null;
  /** Each input by its path as it was given. */
  inputs: Map<string, { sizeBytes: number; modifiedNs: string }>;
  coveragePath: string | null;
}

/** Reads `run.json` beside results; null where there is none that tells of inputs. */
export function readRunRecord({ path, coveragePath, dataSet }: ResultFile): RunRecord | null {
  const runPath = companionPath(path, "run.json");
  const report = runPath === null ? null : readJson(runPath);
  if (!isRecord(report) || !Array.isArray(report.inputs)) return null;
  const options = isRecord(report.options) ? report.options : {};
  const bundle = isRecord(report.bundle) ? report.bundle : {};
  const inputs = report.inputs.filter(isRecord).flatMap(({ path: input, sizeBytes, modifiedNs }) => {
    const isInput = typeof input === "string" && typeof sizeBytes === "number" && typeof modifiedNs === "string";
    return isInput ? [[input, { sizeBytes, modifiedNs }] as const] : [];
  });
  const { workingDirectory } = report;
  const places = [...(typeof workingDirectory === "string" ? [workingDirectory] : []), dirname(resolve(path))];
  return {
    places,
    bundleDirectory: typeof bundle.directory === "string" ? bundle.directory : null,
    inputKind: INPUT_KINDS.find((kind) => kind === options.inputKind) ?? null,
    cacheDirectory: typeof options.cacheDirectory === "string" ? placeOf(options.cacheDirectory, places) : null,
    // The run beside a data set is only the last of those that made it.
    inputs: new Map(dataSet === undefined ? inputs : dataSet.manifest.inputs.map((input) => [input.path, input])),
    coveragePath,
  };
}

/** The inputs that hold a flight, by `coverage.parquet`: aircraft and flight as JSON, to paths as they were given. */
export async function filesOfFlights(db: Database, { coveragePath }: RunRecord): Promise<Map<string, string[]>> {
  const files = new Map<string, string[]>();
  if (coveragePath === null) return files;
  const rows = await db.rows(`SELECT DISTINCT path, aircraft_id, flight_id
    FROM read_parquet([${sqlPath(coveragePath)}], hive_partitioning = false) SEMI JOIN flips USING (aircraft_id, flight_id)
    ORDER BY path`);
  for (const { path, aircraft_id, flight_id } of rows) {
    const key = flightKey(String(aircraft_id), String(flight_id));
    files.set(key, [...(files.get(key) ?? []), String(path)]);
  }
  return files;
}

/** A flight as a key of a map. */
export function flightKey(aircraftId: string, flightId: string): string {
  return JSON.stringify([aircraftId, flightId]);
}

/** An input as it was when it was scored, or in words why it cannot be had. */
export async function findInput(path: string, { inputs, places }: RunRecord): Promise<InputFile | string> {
  const place = placeOf(path, places);
  if (place === null)
    return `${path}: not there (sought from here, from the folder of the run and from that of the results)`;
  const [file] = (await listInputs([place])).files;
  const recorded = inputs.get(path);
  if (file === undefined) return `${place}: no input file`;
  const isSame = recorded?.sizeBytes === file.sizeBytes && recorded.modifiedNs === file.modifiedNs;
  return isSame ? file : `${place}: changed since it was scored`;
}

/** Paths in `run.json` are as they were given: from the folder of the run, or from here or the results if all was moved together. */
function placeOf(path: string, places: readonly string[]): string | null {
  if (isRemote(path) || existsSync(path)) return path;
  if (isAbsolute(path)) return null;
  return places.map((place) => join(place, path)).find((place) => existsSync(place)) ?? null;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as unknown;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
